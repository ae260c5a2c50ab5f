"""What is kept of a failure may be read by the operator's staff, and in a log."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.jobs.errors import LONGEST, Failed, describe


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("can't reach smtps://kabinet:hunter2@mail.example:465", "hunter2"),
        ("GET https://sms.example/send?to=77010000000&key=K3y answered 403", "77010000000"),
        ("login refused, password=hunter2", "hunter2"),
        ("Authorization: Bearer abc.def was refused", "abc.def"),
        ("550 no such user aigerim@home.example", "aigerim"),
        ("bad signature whsec_1a2B3c4D5e6F7g8H9i0J1k", "1a2B3c4D"),
        ("duplicate key\nDETAIL: Key (email)=(a@b.example) already exists", "b.example"),
    ],
)
def test_what_opens_a_door_or_names_a_person_is_left_out(said: str, secret: str) -> None:
    text = describe(RuntimeError(said), {})
    assert secret not in text
    assert text.startswith("RuntimeError")


def test_the_payloads_texts_are_left_out() -> None:
    text = describe(ValueError("no such number: Aigerim N., +7 701"), {"to": {"names": ["Aigerim N."]}, "id": 7})
    assert text.startswith("ValueError: no such number: …, +7 701")


def test_the_place_is_named() -> None:
    with pytest.raises(ValueError) as caught:
        int("x")
    assert "(tests/components/jobs/test_errors.py:" in describe(caught.value, {})


def test_what_is_said_on_purpose_is_kept() -> None:
    assert describe(Failed("the gateway answered 503"), {"gateway": "gateway"}) == "the gateway answered 503"


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_any_error_comes_to_one_short_text(said: str, payload: dict[str, str]) -> None:
    text = describe(RuntimeError(said), payload)
    assert 0 < len(text) <= LONGEST
