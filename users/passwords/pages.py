"""One's own password: change it in the profile, or set a new one by a link where it is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from components.web.csrf import set_cookie
from components.web.forms import query, text, typed
from components.web.headers import without_path
from components.web.pages import go, language, own_path, page
from components.web.routes import PUBLIC, route
from users.hierarchy.refusing import Refused
from users.passwords.changing import change
from users.passwords.display import login_field, password_form, wait
from users.passwords.forms import read_new_password
from users.passwords.resetting import Dead, Set, ask_for_reset, behind, reset
from users.permissions.permission import SIGNED_IN
from users.sessions.signing_in import TooManyTries
from users.sessions.tokens import COOKIE
from users.sessions.viewing import viewer_of

# The profile: change it


async def show_security(request: Request) -> Response:
    """GET /profile/security"""
    back = own_path(query(request).get("next", "/"))
    return await _security(request, {}, back=back, saved=query(request).get("saved") == "1")


async def change_password(request: Request) -> Response:
    """POST /profile/security: current_password, password, password_again."""
    form, say = await typed(request, "current_password", "password", "password_again", "next"), language(request)
    back = own_path(text(form, "next") or "/")
    new = read_new_password(form, say, current=True)
    if new.errors:
        return await _security(request, new.errors, back=back, status=422)
    try:
        outcome = await change(request, viewer_of(request), new.current, new.password)
    except Refused as refused:
        return await _security(request, {refused.field: refused.said(say)}, back=back, status=422)
    if isinstance(outcome, TooManyTries):
        return _later(await _security(request, {}, back=back, error=wait(say, outcome.seconds), status=429), outcome)
    response = go(
        request, "/profile/security?saved=1" + (f"&next={quote(back, safe='/')}" if back != "/" else ""), fresh=True
    )
    set_cookie(request, response, COOKIE, outcome.token, outcome.max_age)
    return response


async def _security(
    request: Request,
    errors: Mapping[str, str],
    *,
    back: str,
    saved: bool = False,
    error: str = "",
    status: int = 200,
) -> Response:
    viewer, operator = viewer_of(request), request.app.state.operator
    return await page(
        request,
        "users/passwords/security.html",
        status=status,
        layout="layout/public.html" if viewer.password_temporary else "layout/page.html",
        form=password_form(
            operator,
            language(request),
            viewer.email,
            errors,
            current=True,
            temporary=viewer.password_temporary,
            error=error,
        ),
        temporary=viewer.password_temporary,
        saved=saved,
        next=back,
    )


# Forgotten: ask for a link


async def show_reset(request: Request) -> Response:
    """GET /password-reset"""
    return await _asking(request, sent=query(request).get("sent") == "1")


async def post_reset(request: Request) -> Response:
    """POST /password-reset: login. The same answer for every login, known or not."""
    form, say = await typed(request, "login"), language(request)
    login = text(form, "login", 254)
    if not login:
        return await _asking(request, error=say.gettext("Type your account number or e-mail."), status=422)
    outcome = await ask_for_reset(request, login)
    if outcome is not None:
        response = await _asking(request, login=login, form_error=wait(say, outcome.seconds), status=429)
        return _later(response, outcome)
    return go(request, "/password-reset?sent=1", fresh=True)


async def _asking(
    request: Request, *, login: str = "", error: str = "", form_error: str = "", sent: bool = False, status: int = 200
) -> Response:
    return await page(
        request,
        "users/passwords/reset.html",
        status=status,
        login=login_field(language(request), login, error),
        error=form_error,
        sent=sent,
    )


# Behind the link: set a new one


async def show_new_password(request: Request) -> Response:
    """GET /password-reset/{token}"""
    outcome = await behind(request, request.path_params["token"])
    if isinstance(outcome, Dead | TooManyTries):
        return await _no_way(request, outcome)
    return await _new_password(request, outcome.email, {})


async def post_new_password(request: Request) -> Response:
    """POST /password-reset/{token}: password, password_again."""
    form, say, token = (
        await typed(request, "password", "password_again"),
        language(request),
        request.path_params["token"],
    )
    user = await behind(request, token)
    if isinstance(user, Dead | TooManyTries):
        return await _no_way(request, user)
    new = read_new_password(form, say, current=False)
    if new.errors:
        return await _new_password(request, user.email, new.errors, status=422)
    try:
        outcome = await reset(request, token, new.password)
    except Refused as refused:
        return await _new_password(request, user.email, {refused.field: refused.said(say)}, status=422)
    if isinstance(outcome, Set):
        return without_path(go(request, "/sign-in?changed=1", fresh=True))
    return await _no_way(request, outcome)


async def _new_password(request: Request, login: str, errors: Mapping[str, str], *, status: int = 200) -> Response:
    form = password_form(request.app.state.operator, language(request), login, errors, current=False)
    return without_path(await page(request, "users/passwords/new_password.html", status=status, form=form))


async def _no_way(request: Request, outcome: Dead | TooManyTries) -> Response:
    """The link opens nothing: what to do next. 410 for a used, an old and an unknown one alike."""
    if isinstance(outcome, TooManyTries):
        response = await _asking(request, form_error=wait(language(request), outcome.seconds), status=429)
        return without_path(_later(response, outcome))
    return without_path(await page(request, "users/passwords/dead_link.html", status=410))


def _later(response: Response, outcome: TooManyTries) -> Response:
    response.headers["retry-after"] = str(outcome.seconds)
    return response


routes = [
    route("/password-reset", show_reset, needs=PUBLIC),
    route("/password-reset", post_reset, needs=PUBLIC, methods=("POST",)),
    route("/password-reset/{token}", show_new_password, needs=PUBLIC),
    route("/password-reset/{token}", post_new_password, needs=PUBLIC, methods=("POST",)),
    route("/profile/security", show_security, needs=SIGNED_IN),
    route("/profile/security", change_password, needs=SIGNED_IN, methods=("POST",)),
]
