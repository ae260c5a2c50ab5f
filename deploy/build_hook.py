"""What a wheel carries besides the rooms: templates, and the static files with those of installed packages.

Used by hatchling. A wheel is built where the project is set up (``make wheel``): the front-end files come out of
the packages installed there, so an isolated build, which has none of them, is refused.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a checkout reads its own folders
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from components.web.front_end import gather

        gather(root / "static" / "packages")
        for folder in ("templates", "static"):
            build_data["force_include"][str(root / folder)] = f"dashboard/shipped/{folder}"
