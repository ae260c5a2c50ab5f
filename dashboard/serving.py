"""The server process."""

from __future__ import annotations

import uvicorn

from components.data.operator import Operator
from components.data.settings import Settings
from components.web import log
from dashboard.app import make_app


def serve(settings: Settings, operator: Operator, host: str, port: int) -> None:
    """Serves until stopped; on SIGTERM it finishes the requests it has begun."""
    log.set_up(settings.log_format)
    uvicorn.run(
        make_app(settings, operator),
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=20,
    )
