"""A team that gets a cluster of its own: nothing goes before its workloads could move, and what goes then is told."""

from __future__ import annotations

from typing import Any

import pytest
from secure_aks_lifecycle.stack.record import parse_versions
from secure_aks_lifecycle.stack.teams import lost

from tests.lifecycle.builders import change, found, recorded

OWN = "aks-partners"


def stack(here: str | None, own: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - reads better
    """A record with partners in the first cluster by a degree (None: not there), and in a cluster of its own."""
    record = recorded("1.35.6", system="1.35.6", sandbox={"version": "1.35.6", "namespace": "partners", "fixed": {"sandboxed": True}})  # fmt: skip
    partners = {"namespace": "partners", "groups": ["partners-operators"]}
    teams = {"payments": {"namespace": "payments", "groups": [], "isolation": "namespace"}}
    record["clusters"]["aks-prod"]["teams"] = teams | ({"partners": partners | {"isolation": here}} if here else {})  # fmt: skip
    if own:
        record["clusters"] |= recorded("1.35.6", name=OWN, system="1.35.6", general="1.35.6")["clusters"]
        record["clusters"][OWN]["teams"] = {"partners": partners | {"isolation": "cluster"}}
    return record


def test_the_old_namespace_does_not_go_with_the_up_that_makes_the_cluster() -> None:
    [said] = found("isolation-strands", change(stack(None, own=True), stack("sandbox")))
    for words in (
        "team partners gets aks-partners for its own",
        "the namespace partners would go from aks-prod with every workload",
        "Write `movingFrom: sandbox` for the team",
    ):
        assert words in said
    assert found("isolation-strands", change(stack("sandbox", own=True), stack("sandbox"))) == []


def test_what_is_made_and_what_moves_is_told() -> None:
    [said] = found("isolation-told", change(stack("sandbox", own=True), stack("sandbox")))
    assert said.startswith(
        "team partners goes from `sandbox` in aks-prod to `cluster`. Made: the cluster aks-partners"
    )
    assert said.endswith("The namespace partners stays in aks-prod while its workloads move")
    [said] = found("isolation-told", change(stack(None, own=True), stack("sandbox")))
    assert said.endswith("The namespace partners goes from aks-prod")


def test_when_it_has_moved_the_old_namespace_goes_as_any_teams_does_and_its_groups_stay() -> None:
    moved = change(stack(None, own=True), stack("sandbox", own=True))
    assert found("isolation-strands", moved) == found("isolation-told", moved) == []
    [said] = found("team-removal", moved)
    assert (
        "team partners leaves aks-prod for aks-partners, and with that goes the namespace partners with every workload"
        in said
    )
    assert "write `movingFrom` for the team to keep it" in said
    assert "Entra group" not in said


def test_a_team_that_comes_with_its_cluster_leaves_nothing() -> None:
    first = change(stack(None, own=True), stack(None))
    assert (
        found("isolation-strands", first)
        == found("isolation-told", first)
        == found("team-removal", first)
        == []
    )


@pytest.mark.parametrize("stays", [False, True], ids=["the cluster goes", "the cluster stays"])
def test_on_the_way_back_the_namespace_comes_before_the_cluster_goes(stays: bool) -> None:  # noqa: FBT001 - a case
    back = stack("namespace")
    if stays:
        back["clusters"][OWN] = {**stack(None, own=True)["clusters"][OWN], "teams": {}}
    at_once = change(back, stack(None, own=True))
    [said] = found("isolation-strands", at_once)
    assert (
        "team partners leaves aks-partners, which was its own, and its namespace comes into aks-prod" in said
    )
    assert "write `movingFrom: namespace` for the team" in said
    assert said.endswith("write `isolation: namespace` and take those lines out in a later `up`")
    [said] = found("isolation-told", at_once)
    assert said.startswith(
        "team partners goes from `cluster` in aks-partners to `namespace` in aks-prod. Made: the namespace partners in aks-prod."
    )
    both = stack("namespace", own=True)
    assert found("isolation-strands", change(both, stack(None, own=True))) == [], "what the message advises"
    moved = change(back, both)
    assert found("isolation-strands", moved) == []
    [said] = found("isolation-told", moved)
    assert "Made: nothing. Moves: nothing by itself; what still runs in aks-partners goes" in said


def test_a_group_goes_when_no_cluster_has_it() -> None:
    before, after = parse_versions(stack("sandbox", own=True)), parse_versions(stack(None))
    [loss] = lost(before, after)
    assert (loss.groups, loss.moved) == (("partners-operators",), None)
