"""Sign-in, sign-out, and the choices of the top bar."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from components.data.away import database_is_away
from components.ui.parts import Field
from components.web.csrf import cookie_name, set_cookie
from components.web.errors import RETRY_AFTER, TEXTS
from components.web.forms import query, secret, text, typed
from components.web.language import N_
from components.web.log import log
from components.web.pages import LANGUAGE_COOKIE, go, language, own_path, page
from components.web.routes import PUBLIC, route
from users.hierarchy.own_data import change_own_data
from users.permissions.permission import SIGNED_IN
from users.sessions.choosing import choose_account, choose_contract
from users.sessions.confirmed import forget, recall
from users.sessions.gate import recognise
from users.sessions.known_devices import keep_device
from users.sessions.signing_in import SignedIn, TooManyTries, sign_in, sign_out
from users.sessions.tokens import COOKIE
from users.sessions.viewing import extend, viewer_of

WRONG = N_("The login and the password do not go together. Check both; capital letters count.")


async def show_sign_in(request: Request) -> Response:
    """GET /sign-in"""
    back = own_path(query(request).get("next", "/"))
    if await recognise(request):
        return go(request, back)
    return await _form(request, back, recall(request))


async def post_sign_in(request: Request) -> Response:
    """POST /sign-in: login, password, remember."""
    form = await typed(request, "login", "password", "remember", "next")
    login, back = text(form, "login", 254), own_path(text(form, "next") or "/")
    remember = text(form, "remember") in ("on", "1", "true")
    try:
        outcome = await sign_in(request, login, secret(form, "password"), remember)
    except Exception as error:
        if not database_is_away(error):
            raise
        log.warning("database away", error=type(error).__name__)
        return await _form_again(request, back, login, remember)
    if isinstance(outcome, SignedIn):
        response = go(request, back, fresh=True)
        set_cookie(request, response, COOKIE, outcome.token, outcome.max_age)
        keep_device(request, response)
        forget(request, response)
        return response
    if isinstance(outcome, TooManyTries):
        minutes = -(-outcome.seconds // 60)
        message = language(request).ngettext(
            "Too many tries. Please wait %(n)s minute.", "Too many tries. Please wait %(n)s minutes.", minutes
        ) % {"n": minutes}
        response = await _form(request, back, login, remember, message, 429)
        response.headers["retry-after"] = str(outcome.seconds)
        return response
    return await _form(request, back, login, remember, language(request).gettext(WRONG), 422)


async def _form_again(request: Request, back: str, login: str, remember: bool) -> Response:
    """Nobody could be signed in now, as while SQLite's one writer takes too long: what was typed is kept."""
    title, message = (language(request).gettext(each) for each in TEXTS[503])
    response = await _form(request, back, login, remember, f"{title}. {message}", 503)
    response.headers["retry-after"] = RETRY_AFTER
    return response


async def _form(
    request: Request, back: str, login: str = "", remember: bool = False, error: str = "", status: int = 200
) -> Response:
    say = language(request)
    return await page(
        request,
        "users/sessions/sign_in.html",
        status=status,
        login=Field("login", say.gettext("Account number or e-mail"), login, autocomplete="username", required=True),
        password=Field(
            "password",
            say.gettext("Password"),
            kind="password",
            autocomplete="current-password",
            required=True,
        ),
        remember=remember,
        error=error,
        confirmed=recall(request) if status == 200 else "",
        changed=status == 200 and query(request).get("changed") == "1",
        next=back,
    )


async def post_sign_out(request: Request) -> Response:
    """POST /sign-out"""
    await sign_out(request, viewer_of(request))
    response = go(request, "/sign-in", fresh=True)
    response.delete_cookie(
        cookie_name(request, COOKIE), path="/", secure=request.app.state.settings.https, httponly=True
    )
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


async def extend_sign_in(request: Request) -> Response:
    """POST /profile/sessions/extension: somebody is there, so the idle time begins anew. Asked for by a script."""
    await extend(viewer_of(request))
    return Response(status_code=204)


async def show_sign_out(request: Request) -> Response:
    """GET /sign-out changes nothing: signing out takes the button."""
    return go(request, "/")


async def post_choice(request: Request) -> Response:
    """POST /choice: account or contract, from the top bar."""
    form, viewer = await typed(request, "account", "contract", "next"), viewer_of(request)
    back = own_path(text(form, "next") or "/")
    if "account" in form:
        await choose_account(viewer, text(form, "account"))
        # What was open belongs to the other account: go to the section's list, not to the thing itself.
        back = "/" + back.split("?")[0].strip("/").split("/")[0]
    else:
        await choose_contract(viewer, text(form, "contract"))
        back = back.split("?")[0] if "contract=" in back else back
    return go(request, back, fresh=True)


async def post_language(request: Request) -> Response:
    """POST /language: kept in the profile of who is signed in, else in a cookie."""
    form = await typed(request, "language", "next")
    code = text(form, "language")
    viewer = await recognise(request)
    if viewer and code in request.app.state.operator.languages:
        await change_own_data(request, viewer, {"language": code})
        return go(request, own_path(text(form, "next") or "/"), fresh=True)
    response = go(request, own_path(text(form, "next") or "/sign-in"), fresh=True)
    if code in request.app.state.operator.languages:
        response.set_cookie(
            LANGUAGE_COOKIE,
            code,
            max_age=31_536_000,
            path="/",
            httponly=True,
            secure=request.app.state.settings.https,
            samesite="lax",
        )
    return response


routes = [
    route("/sign-in", show_sign_in, needs=PUBLIC),
    route("/sign-in", post_sign_in, needs=PUBLIC, methods=("POST",)),
    route("/sign-out", show_sign_out, needs=SIGNED_IN),
    route("/sign-out", post_sign_out, needs=SIGNED_IN, methods=("POST",)),
    route("/profile/sessions/extension", extend_sign_in, needs=SIGNED_IN, methods=("POST",)),
    route("/choice", post_choice, needs=SIGNED_IN, methods=("POST",)),
    route("/language", post_language, needs=PUBLIC, methods=("POST",)),
]
