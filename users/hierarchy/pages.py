"""Section Users, invitations, and ownership: every address and who may."""

from __future__ import annotations

from components.web.routes import PUBLIC, route
from users.hierarchy.form_pages import create, show_new
from users.hierarchy.invitation_pages import accept_invitation, show_invitation
from users.hierarchy.list_pages import index
from users.hierarchy.ownership_pages import (
    answer_offer,
    offer_ownership,
    resign,
    show_offer,
    show_ownership,
    show_resignation,
    take_back,
)
from users.hierarchy.person_pages import let_in, save, send_letter, show, shut_out
from users.hierarchy.place_pages import change_place, show_place
from users.hierarchy.removal_pages import restore, show_removal, take_away
from users.permissions.permission import SIGNED_IN, Permission

_MANAGE = Permission.USERS_MANAGE
_POST = ("POST",)

routes = [
    route("/users", index, needs=_MANAGE),
    route("/users", create, needs=_MANAGE, methods=_POST),
    route("/users/new", show_new, needs=_MANAGE),
    route("/users/new", create, needs=_MANAGE, methods=_POST),
    route("/users/removals/{id}/restoration", restore, needs=_MANAGE, methods=_POST),
    route("/users/{id}", show, needs=_MANAGE),
    route("/users/{id}", save, needs=_MANAGE, methods=_POST),
    route("/users/{id}/suspension", shut_out, needs=_MANAGE, methods=_POST),
    route("/users/{id}/resumption", let_in, needs=_MANAGE, methods=_POST),
    route("/users/{id}/invitation", send_letter, needs=_MANAGE, methods=_POST),
    route("/users/{id}/removal", show_removal, needs=_MANAGE),
    route("/users/{id}/removal", take_away, needs=_MANAGE, methods=_POST),
    route("/users/{id}/place", show_place, needs=_MANAGE),
    route("/users/{id}/place", change_place, needs=_MANAGE, methods=_POST),
    route("/users/{id}/ownership", show_ownership, needs=_MANAGE),
    route("/users/{id}/ownership", offer_ownership, needs=_MANAGE, methods=_POST),
    route("/users/{id}/ownership/withdrawal", take_back, needs=_MANAGE, methods=_POST),
    route("/users/{id}/resignation", show_resignation, needs=_MANAGE),
    route("/users/{id}/resignation", resign, needs=_MANAGE, methods=_POST),
    route("/ownership/{offer_id}", show_offer, needs=SIGNED_IN),
    route("/ownership/{offer_id}", answer_offer, needs=SIGNED_IN, methods=_POST),
    route("/invitations/{token}", show_invitation, needs=PUBLIC),
    route("/invitations/{token}/acceptance", accept_invitation, needs=PUBLIC, methods=_POST),
]
