"""Reading a PDF the way a person does: its words, page by page; and what it says of itself."""

from __future__ import annotations

import io
import re
from functools import cached_property
from typing import Any

from pypdf import PdfReader

_BLANKS = re.compile(r"\s+")


class Paper:
    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(content), strict=True)

    @cached_property
    def pages(self) -> list[str]:
        """Each page's words, blanks of every kind (a no-break space too) run together."""
        return [_BLANKS.sub(" ", page.extract_text()) for page in self.reader.pages]

    @property
    def text(self) -> str:
        return " ".join(self.pages)

    @property
    def unbroken(self) -> str:
        """The words without any blank: where a line ends says nothing."""
        return _BLANKS.sub("", self.text)

    def says(self, text: str) -> bool:
        """Whether it says so, wherever its lines break."""
        return _BLANKS.sub("", text) in self.unbroken

    @property
    def language(self) -> str:
        return str(self.reader.root_object["/Lang"])

    @property
    def tagged(self) -> bool:
        root: Any = self.reader.root_object
        return bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root

    @property
    def standard(self) -> str:
        """``3A`` for a PDF/A-3a; empty where it claims none."""
        stream: Any = self.reader.root_object["/Metadata"].get_object()
        metadata = stream.get_data().decode()
        part, level = (re.search(rf"<pdfaid:{each}>(\w+)<", metadata) for each in ("part", "conformance"))
        return part[1] + level[1] if part and level else ""
