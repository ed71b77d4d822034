"""A permit lets exactly its moves pass, for as long as it says; anything else is judged as ever."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from secure_aks_lifecycle.versions.permit import VARIABLE, Permit

from tests.lifecycle.builders import BY_ID, NOW, change, judge, recorded

BEFORE = recorded("1.35.7", system="1.35.7", spot="1.35.7")
BACK = recorded("1.35.7", system="1.35.7", spot="1.35.6")
UNTIL = (NOW + timedelta(hours=1)).isoformat()


def permit(**changes: Any) -> Permit:
    move = {"cluster": "aks-prod", "target": "spot", "from": "1.35.7", "to": "1.35.6"}
    return Permit.parse({"id": "dev-4", "why": "rollback", "until": UNTIL, "moves": [move]} | changes)


def said(after: Any, given: Permit | None, rule: str = "legal-step", **parts: Any) -> list[str]:
    one = judge()
    one.context.permit = given
    return [
        item.message for item in one.resource(BY_ID[rule], change(after, BEFORE, **parts)) if not item.unknown
    ]


def test_a_rollback_needs_its_permit() -> None:
    [refusal] = said(BACK, None)
    assert "pool spot of aks-prod goes down from 1.35.7 to 1.35.6" in refusal
    assert "./secure-aks upgrades rollback --pool spot" in refusal
    assert said(BACK, permit()) == []


def test_a_permit_covers_its_moves_and_nothing_beside_them() -> None:
    more = recorded("1.35.7", system="1.35.6", spot="1.35.6")
    assert any("2 versions go down" in text for text in said(more, permit()))
    other = recorded("1.35.7", system="1.35.7", spot="1.35.5")
    assert any("for other moves than these" in text for text in said(other, permit()))


def test_a_permit_runs_out() -> None:
    old = permit(until=(NOW - timedelta(minutes=1)).isoformat())
    assert any("goes down" in text for text in said(BACK, old))


def test_a_permit_never_lets_a_pool_above_its_control_plane() -> None:
    up = {"cluster": "aks-prod", "target": "spot", "from": "1.35.7", "to": "1.36.3"}
    assert any(
        "above the control plane" in t
        for t in said(recorded("1.35.7", system="1.35.7", spot="1.36.3"), permit(moves=[up]))
    )


def test_a_rollback_waits_for_no_promotion() -> None:
    followed = recorded(
        "1.35.7", name="aks-staging", system="1.35.7", spot="1.35.7", since="2026-11-01T00:00:00Z"
    )
    parts = {"follows": "staging", "followed": followed}
    assert said(BACK, None, "promotion", **parts)
    assert said(BACK, permit(), "promotion", **parts) == []


def test_it_comes_by_the_environment_and_back() -> None:
    one = permit()
    assert Permit.read({VARIABLE: one.text()}) == one
    assert Permit.read({}) is None


SAID = {"id": 1, "why": "x", "until": UNTIL, "moves": []}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nonsense", "it is no JSON"),
        ("[" * 100_000, "a value is of another kind than it should be"),
        ("[]", "a value is of another kind than it should be"),
        (json.dumps({**SAID, "moves": "ab"}), "a value is of another kind than it should be"),
        ("{}", "until is missing"),
        (json.dumps(SAID), "names no move"),
        (json.dumps({**SAID, "until": "soon"}), "Invalid isoformat string: 'soon'"),
    ],
)
def test_what_is_no_permit_is_said(text: str, why: str) -> None:
    with pytest.raises(
        ValueError,
        match=rf"^{VARIABLE}: is no permit \({why}\); unset it, or let the upgrades tool write it$",
    ):
        Permit.read({VARIABLE: text})
