"""Entra's delay is waited for; what waiting cannot mend is told at once."""

import asyncio
import base64
import json

import pulumi
import pytest

from components.admitted.ask import Answer, ask, claims_of
from components.admitted.circle import Circle
from components.admitted.wait import MINUTES, PAUSES, admitted, wait
from components.parts.kubeconfig import exec_kubeconfig
from tests.components.helpers import azure_kubeconfig, run

ME, YOU = "11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555"
BREAK_GLASS, DEPLOYERS = "aaaaaaaa-2222-4333-8444-555555555555", "bbbbbbbb-2222-4333-8444-555555555555"
GROUPS = {BREAK_GLASS: "break-glass", DEPLOYERS: "deployers"}
CREATED = {"name": "deployers", "members": [ME]}
EXISTING = {"name": "deployers", "object_id": DEPLOYERS}


@pytest.fixture
def circle(cluster_settings):
    def make(deployers=None, *, bootstrap=True, has_rights=False):
        cluster = cluster_settings(
            break_glass=[{"name": "break-glass"}], deployers=[deployers or CREATED], bootstrap=bootstrap
        )
        return Circle(cluster, GROUPS, has_rights)

    return make


@pytest.fixture
def told(monkeypatch):
    said = []
    monkeypatch.setattr(pulumi.log, "info", lambda text, *_: said.append(text))
    return said


def refused(oid=ME, iat=0, **claims):
    return Answer(allowed=False, claims={"oid": oid, "iat": iat, **claims})


def waited(circle, answers):
    """Wait with these answers, the last one again and again; return how long, in seconds."""
    slept, given = [], iter(answers)
    last = answers[-1]

    async def sleep(seconds):
        slept.append(seconds)

    asyncio.run(wait("", circle, question=lambda _: next(given, last), sleep=sleep))
    return sum(slept)


def fresh(count=10_000, **claims):
    """Refusals, each to a new token."""
    return [refused(iat=number, **claims) for number in range(count)]


LET_IN = Answer(allowed=True, claims={"oid": ME})


def test_a_membership_that_is_on_its_way_is_waited_for_with_one_line(circle, told):
    assert waited(circle(), [*fresh(4), LET_IN]) == sum(PAUSES[:4])
    (line,) = told
    assert "a new membership of break-glass or deployers takes minutes" in line


def test_whoever_is_let_in_waits_for_nothing(circle, told):
    assert waited(circle(), [LET_IN]) == 0
    assert waited(circle(), [None]) == 0
    assert told == []


def test_the_wait_ends_after_minutes_and_says_what_to_look_at(circle, told):
    with pytest.raises(pulumi.RunError, match=r"no delay any more: .* a member of break-glass or deployers"):
        waited(circle(), fresh())
    assert len(told) == 1
    assert sum(PAUSES) >= MINUTES * 60


@pytest.mark.parametrize(
    ("options", "claims", "why"),
    [
        ({}, {"oid": YOU}, f"{YOU} is in none of the groups that may apply: break-glass or deployers"),
        ({}, {"oid": YOU, "groups": ["another"]}, "Write this object id under `members`"),
        ({}, {}, "whoever is logged in is in none of the groups"),
        ({"bootstrap": False}, {"oid": YOU}, f"{YOU} is in none of the groups that may apply: break-glass. "),
        ({"bootstrap": False}, {"oid": ME}, "write `bootstrap: true` under secure-aks:cluster"),
        ({"bootstrap": False, "deployers": EXISTING}, {"oid": YOU, "groups": [DEPLOYERS]}, "bootstrap: true"),
    ],
)
def test_a_wrong_setting_is_told_at_once(circle, told, options, claims, why):
    with pytest.raises(pulumi.RunError, match=why):
        waited(circle(**options), [Answer(allowed=False, claims=claims)])
    assert told == []


def test_a_token_that_is_kept_is_told_after_the_second_question(circle):
    with pytest.raises(pulumi.RunError, match="`az logout`, `az login`, and `up` again"):
        waited(circle(), [refused(iat=7), refused(iat=7)])


@pytest.mark.parametrize(
    ("deployers", "claims"),
    [
        (CREATED, {"groups": [DEPLOYERS.upper()]}),
        (CREATED, {"oid": YOU, "_claim_names": {"groups": "src1"}}),
        (EXISTING, {"oid": YOU}),
    ],
)
def test_what_only_entra_knows_is_waited_for(circle, told, deployers, claims):
    assert waited(circle(deployers), [*fresh(2, **{"oid": ME, **claims}), LET_IN]) > 0
    assert len(told) == 1


@pytest.mark.parametrize("claims", [{"oid": YOU}, {"oid": YOU, "_claim_names": {}}])
def test_whoever_has_only_azures_half_to_do_goes_on(circle, told, claims):
    later = circle(EXISTING, bootstrap=False, has_rights=True)
    assert waited(later, [Answer(allowed=False, claims=claims)]) == 0
    assert told == []


def test_a_refused_member_of_a_later_up_is_waited_for_and_then_left_to_the_provider(circle, told):
    assert waited(circle(bootstrap=False, has_rights=True), fresh()) == sum(PAUSES)
    assert len(told) == 1


@pytest.mark.parametrize("inside", ["now", "later"])
def test_nobody_is_asked_where_nothing_is_applied_inside(cluster_settings, monkeypatch, inside):
    asked = []
    monkeypatch.setattr("components.admitted.wait.wait", lambda *_: asyncio.sleep(0, asked.append(inside)))
    cluster = cluster_settings(deployers=[CREATED], bootstrap=True, inside=inside)
    run(lambda: admitted(cluster, {}, has_rights=False)(pulumi.Output.from_input("{}")) and None)
    assert asked == (["now"] if inside == "now" else [])


def kubeconfig(login="azurecli"):
    answer = base64.b64encode(json.dumps(azure_kubeconfig()).encode()).decode()
    return exec_kubeconfig(answer, "aks", login)


@pytest.mark.parametrize("login", ["azurecli", "devicecode"])
def test_who_cannot_ask_leaves_it_to_the_provider(login):
    assert ask(kubeconfig(login)) is None  # the certificate authority is none; a login by hand


@pytest.mark.parametrize("token", ["", "a.b", "a.!.c", "a.W10.c"])
def test_what_is_no_token_says_so(token):
    with pytest.raises(ValueError):
        claims_of(token)
