"""What a new degree of isolation makes and moves is told, and what would strand pods is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from secure_aks_lifecycle.stack.isolation import DEGREES

from tests.lifecycle.builders import change, found, recorded

TOLD, STRANDS = "isolation-told", "isolation-strands"


def stack(isolation: str | None = "namespace", namespace: str = "partners", **pools: Any) -> dict[str, Any]:
    """A record with the team partners and pools given as `name=(whose, sandboxed)`, or with a number of nodes as a third."""
    entries = {name: _pool(*whose) for name, whose in pools.items()}
    record = recorded("1.35.6", system="1.35.6", general="1.35.6", **entries)
    team = {"namespace": namespace, "groups": []} | ({"isolation": isolation} if isolation else {})
    neighbour = {"namespace": "payments", "groups": []} | ({"isolation": "namespace"} if isolation else {})
    record["clusters"]["aks-prod"]["teams"] = {"partners": team, "payments": neighbour}
    return record


def _pool(whose: str, sandboxed: Any = None, nodes: int | None = None) -> dict[str, Any]:
    return {
        "version": "1.35.6",
        "fixed": {"sandboxed": bool(sandboxed)},
        **({"namespace": whose} if whose else {}),
        **({} if nodes is None else {"nodes": nodes}),
    }


OWN, KATA = ("partners",), ("partners", True)


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return found(TOLD, change(after, before))


def stranded(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return found(STRANDS, change(after, before))


def test_the_nodes_come_first_and_the_word_in_the_next_up() -> None:
    at_once = stack("nodes", own=OWN)
    [said] = stranded(stack(), at_once)
    for words in (
        "team partners goes to `nodes`, and no nodes of its own are there yet",
        "write `isolation: namespace` for this `up`, beside the pool with `namespace: partners`, and `isolation: nodes` for the next",
    ):
        assert words in said
    nodes_only = stack(own=OWN)
    assert stranded(stack(), nodes_only) == told(stack(), nodes_only) == [], "what the message advises"
    assert stranded(nodes_only, at_once) == []
    [said] = told(nodes_only, at_once)
    assert said == (
        "team partners of aks-prod goes from `namespace` to `nodes`. Made: a refusal of every pod in partners that does not name these "
        "nodes. Moves: each pod of partners when it next starts, and nothing that runs. Write nodeSelector secure-aks/namespace: partners "
        "with the toleration of that taint into the workloads' templates, which moves them: pods whose template says nothing of it are refused"
    )


def test_what_is_made_names_the_pools() -> None:
    [said] = told(stack(), stack("sandbox", own=KATA))
    assert (
        "Made: the nodes of pool own, tainted secure-aks/namespace=partners:NoSchedule, a refusal of every pod"
        in said
    )
    assert "a refusal of every pod in partners that is in no virtual machine. Moves:" in said
    assert "and runtimeClassName: kata-vm-isolation into" in said


def test_sandboxes_need_sandboxed_nodes_that_are_there() -> None:
    [said] = stranded(stack("nodes", own=OWN), stack("sandbox", own=OWN, kata=KATA))
    assert "no sandboxed nodes of its own are there yet" in said
    assert "write `isolation: nodes` for this `up`" in said
    assert stranded(stack("nodes", own=OWN, kata=KATA), stack("sandbox", own=OWN, kata=KATA)) == []
    assert stranded(stack("sandbox", own=KATA), stack("nodes", own=KATA)) == []


def test_on_the_way_back_the_word_goes_first() -> None:
    both_at_once = stack("namespace", own=("",))
    [said] = stranded(stack("nodes", own=OWN), both_at_once)
    assert "with this `up` those of own are theirs no longer: no pod of partners would start" in said
    assert "Leave `namespace: partners` with the pool, and write `isolation: namespace`" in said
    word_only = stack("namespace", own=OWN)
    assert stranded(stack("nodes", own=OWN), word_only) == []
    [said] = told(stack("nodes", own=OWN), word_only)
    assert said.endswith(
        "Made: nothing. Moves: nothing; pods of partners stay on its nodes until their templates name these no longer and the pods start anew"
    )
    assert stranded(word_only, both_at_once) == []


def test_a_pool_is_exchanged_with_the_new_one_first() -> None:
    assert stranded(stack("nodes", own=OWN), stack("nodes", new=OWN)) != []
    assert stranded(stack("nodes", own=OWN), stack("nodes", own=OWN, new=OWN)) == []
    assert stranded(stack("nodes", own=OWN, new=OWN), stack("nodes", new=OWN)) == []


@pytest.mark.parametrize(("nodes", "refused"), [(None, True), (3, True), (0, False)])
@pytest.mark.parametrize("whose", ["", "payments"])
def test_a_pool_that_others_use_is_emptied_before_it_is_ones_own(
    nodes: int | None, refused: Any, whose: str
) -> None:
    said = stranded(stack(own=(whose, False, nodes)), stack(own=("partners", False, nodes)))
    assert bool(said) is refused
    if refused:
        assert "pool own becomes the nodes of partners alone with the pods of others on it" in said[0]
        assert "`kubectl drain -l agentpool=own --ignore-daemonsets --delete-emptydir-data`" in said[0]


def test_a_team_that_comes_or_goes_has_nothing_to_strand() -> None:
    new = stack("sandbox", namespace="others", own=("others", True))
    assert stranded(stack(), new) == told(stack(), new) == []
    gone = stack()
    del gone["clusters"]["aks-prod"]["teams"]["partners"]
    assert stranded(stack("nodes", own=OWN), gone) == []


@pytest.mark.parametrize("before", [None, stack(None)])
def test_a_first_up_and_a_record_that_says_nothing_of_it_are_silent(before: Any) -> None:
    after = change(stack("sandbox", own=KATA), before)
    assert found(TOLD, after) == found(STRANDS, after) == []


def test_a_renamed_team_keeps_its_nodes() -> None:
    renamed = stack("nodes", own=OWN)
    teams = renamed["clusters"]["aks-prod"]["teams"]
    teams["friends"] = teams.pop("partners")
    assert stranded(stack("nodes", own=OWN), renamed) == told(stack("nodes", own=OWN), renamed) == []


def test_an_exemption_by_the_teams_name_lets_it_through() -> None:
    exemption = {
        "rule": STRANDS,
        "resource": {"name": "partners"},
        "reason": "nothing runs there",
        "until": "2026-12-31",
    }
    resource = change(stack("nodes", own=OWN), stack())
    assert found(STRANDS, resource, {"secure-aks:exemptions": [exemption]}) == []


degree = st.sampled_from(DEGREES)
pools = st.dictionaries(
    st.sampled_from("abc"),
    st.tuples(st.sampled_from(["", "partners"]), st.booleans(), st.sampled_from([None, 0, 2])),
    max_size=3,
)


@given(st.lists(st.tuples(degree, pools), min_size=2, max_size=5))
def test_what_no_rule_refuses_leaves_the_pods_a_node_all_along(way: list[tuple[str, dict[str, Any]]]) -> None:
    """Pods that the state before let run, and those that the state after lets start, find a node that is there already."""
    records = [stack(isolation, **pools) for isolation, pools in way]
    for (was, before), (becomes, after), old, new in zip(way, way[1:], records, records[1:], strict=False):
        needs = becomes in {"nodes", "sandbox"}
        sandbox = becomes == "sandbox"
        theirs = [name for name, (whose, kata, _) in before.items() if whose and (kata or not sandbox)]
        stayed = [name for name, pool in before.items() if pool[0] and after.get(name, ("",))[0]]
        had = was in {"nodes", "sandbox"} and any(whose for whose, *_ in before.values())
        safe = (
            not needs or bool(theirs) or (was in {"nodes", "sandbox"} and not (sandbox and was != "sandbox"))
        ) and (not had or bool(stayed))
        shared = any(
            whose and name in before and not before[name][0] and before[name][2] != 0
            for name, (whose, *_) in after.items()
        )
        assert bool(stranded(old, new)) is (not safe or shared)
