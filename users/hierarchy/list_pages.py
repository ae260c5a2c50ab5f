"""The people of an account: the table and the tree."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from components.web.forms import query, query_all
from components.web.pages import language, page
from users.hierarchy.acting import today as today_of
from users.hierarchy.list_display import PeopleList, own_row, people_level, people_table, people_tree, with_undos
from users.hierarchy.list_forms import read_wish
from users.hierarchy.reading import count_people, level, list_people, place_of, tree
from users.hierarchy.undoing import undoable
from users.permissions.viewer import Viewer
from users.sessions.viewing import viewer_of


async def index(request: Request) -> Response:
    """GET /users?view=&q=&sort=&after=&open=&under="""
    return await answer_list(request)


async def answer_list(request: Request, error: str = "", status: int = 200) -> Response:
    """The list, and what may still be undone; ``error`` is why an undo could not be."""
    viewer, say, zone = viewer_of(request), language(request), request.app.state.operator.zone
    view = with_undos(await _people(request, viewer), await undoable(viewer), error, zone, say)
    return await page(
        request, "users/hierarchy/index.html", fragment="users/hierarchy/_list.html", status=status, view=view
    )


async def _people(request: Request, viewer: Viewer) -> PeopleList:
    wish, say, today = read_wish(query(request), query_all(request, "open")), language(request), today_of(request)
    actor = await place_of(viewer)
    if wish.sought.search or wish.view == "table":
        return people_table(await list_people(actor, wish.sought, today), wish, viewer, today, say)
    count = await count_people(actor)
    if wish.view == "" and not count.small:
        wish = replace(wish, view="table")
        return people_table(await list_people(actor, wish.sought, today, count=count), wish, viewer, today, say)
    if wish.under is not None:
        rest = await level(actor, wish.under or None, today, after=wish.sought.after)
        return people_level(rest, wish, count, viewer, today, say)
    nodes = await tree(actor, today, wish.opened, everything=count.small)
    return people_tree(
        nodes, None if viewer.owner else own_row(actor, viewer, today, say), count, wish, viewer, today, say
    )
