"""Contracts, in force and past."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from components.web.pages import language, page
from components.web.routes import route
from dashboard.contracts.display import contract_list, contract_view
from dashboard.contracts.reading import find_contract, list_contracts
from dashboard.services.reading import list_services
from users.permissions.permission import Permission
from users.sessions.viewing import viewer_of


async def index(request: Request) -> Response:
    """GET /contracts"""
    viewer = viewer_of(request)
    view = contract_list(await list_contracts(viewer), viewer, language(request))
    return await page(request, "dashboard/contracts/index.html", view=view)


async def show(request: Request) -> Response:
    """GET /contracts/{number}: the number as printed, slashes and spaces included"""
    viewer = viewer_of(request)
    contract = await find_contract(viewer, request.path_params["number"])
    if contract is None:
        raise HTTPException(404)
    services = await list_services(viewer, contract.id) if viewer.may(Permission.SERVICES_VIEW) else []
    view = contract_view(contract, services, viewer, language(request))
    return await page(request, "dashboard/contracts/contract.html", view=view)


routes = [
    route("/contracts", index, needs=Permission.CONTRACTS_VIEW),
    route("/contracts/{number:path}", show, needs=Permission.CONTRACTS_VIEW),
]
