"""The server: one process, or several that share one socket."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import Any

import uvicorn
from starlette.applications import Starlette

from components.data.operator import Operator, load_operator
from components.data.settings import Settings, load_settings
from components.web import log
from components.web.connection import BoundedConnection
from components.web.figures import shared
from dashboard.app import make_app

# Longer than any page takes, shorter than a service manager waits before it kills.
GRACE_SECONDS = 20


def serve(settings: Settings, operator: Operator, host: str, port: int, *, working: bool = False) -> None:
    """Serves with one process until stopped; on SIGTERM it finishes the requests, and with ``working`` the jobs."""
    log.set_up(settings.log_format)
    uvicorn.run(make_app(settings, operator, working=working), host=host, port=port, **_options(settings))


def serve_with_processes(settings: Settings, host: str, port: int, processes: int) -> None:
    """Serves with several processes, each made anew from the environment.

    SIGHUP replaces them one by one, each once its successor is ready: a new version starts without a failed
    request. A process that dies is replaced.
    """
    log.set_up(settings.log_format)
    with shared() if settings.metrics_token else nullcontext():
        uvicorn.run(
            "dashboard.serving:app_of_environment",
            factory=True,
            workers=processes,
            host=host,
            port=port,
            **_options(settings),
        )


def app_of_environment() -> Starlette:
    """The application for the settings in the environment; what each of several processes calls."""
    settings = load_settings()
    log.set_up(settings.log_format)
    return make_app(settings, load_operator(settings.operator_file))


def _options(settings: Settings) -> dict[str, Any]:
    # uvicorn reads this variable where a list is empty; only our setting decides whose headers count.
    os.environ.pop("FORWARDED_ALLOW_IPS", None)
    return {
        "loop": "uvloop",
        "http": BoundedConnection,
        "ws": "none",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": settings.trusted_proxies.split(","),
        "timeout_graceful_shutdown": GRACE_SECONDS,
        "timeout_keep_alive": 75,  # longer than the proxy's 60, so that it never sends into a closing connection
    }
