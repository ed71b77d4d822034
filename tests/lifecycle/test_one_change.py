"""One `up`, one thing: versions, new pools and deleted pools apart; LTS clusters may skip minors; a pool goes when it is empty."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.versions.skew import Rules
from secure_aks_lifecycle.versions.steps import illegal

from tests.lifecycle.builders import agent_pool, aks_cluster, change, cluster, found, recorded, v

BEFORE = {"aks": cluster("1.34.9", system="1.34.9", general="1.34.9", old="1.34.9")}


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (
            cluster("1.35.6", system="1.34.9", general="1.34.9", fresh="1.34.9"),
            ["-> 1.35.6", "fresh added", "old deleted"],
        ),
        (cluster("1.35.6", system="1.34.9", general="1.34.9"), ["-> 1.35.6", "old deleted"]),
        (
            cluster("1.35.6", system="1.34.9", general="1.34.9", old="1.34.9", fresh="1.34.9"),
            ["-> 1.35.6", "fresh added"],
        ),
        (
            cluster("1.34.9", system="1.34.9", general="1.34.9", fresh="1.34.9"),
            ["fresh added", "old deleted"],
        ),
    ],
)
def test_two_kinds_of_change_are_refused_together(after: Any, words: list[str]) -> None:
    [refusal] = illegal(BEFORE, {"aks": after}, Rules())
    assert refusal.code == "several-changes"
    for word in words:
        assert word in refusal.message


OTHER = cluster("1.34.9", system="1.34.9", general="1.34.9", old="1.34.9")
FEWER = cluster("1.34.9", system="1.34.9", general="1.34.9")
MORE = cluster("1.34.9", system="1.34.9", general="1.34.9", old="1.34.9", fresh="1.34.9")
HIGHER = cluster("1.35.6", system="1.34.9", general="1.34.9", old="1.34.9")


@pytest.mark.parametrize(
    ("here", "there", "words"),
    [
        (HIGHER, FEWER, ["aks: control plane", "-> 1.35.6; blue: pool old deleted"]),
        (HIGHER, MORE, ["blue: pool fresh added", "Add the pools first"]),
        (MORE, FEWER, ["aks: pool fresh added; blue: pool old deleted"]),
        (OTHER, cluster("1.35.6", system="1.34.9", general="1.34.9"), ["`up` of blue does", "old deleted"]),
    ],
)
def test_two_kinds_of_change_are_refused_in_two_clusters_of_a_stack(
    here: Any, there: Any, words: list[str]
) -> None:
    [refusal] = illegal({"aks": OTHER, "blue": OTHER}, {"aks": here, "blue": there}, Rules())
    assert refusal.code == "several-changes"
    for word in words:
        assert word in refusal.message


def test_one_kind_of_change_in_two_clusters_is_one_thing() -> None:
    before = {"aks": OTHER, "blue": OTHER}
    for one in (MORE, FEWER):
        assert illegal(before, {"aks": one, "blue": one}, Rules()) == []
    assert illegal(before, {**before, "aks": HIGHER, "new": HIGHER}, Rules()) == []


def test_outside_prod_too() -> None:
    before = recorded("1.34.9", system="1.34.9", old="1.34.9")
    after = recorded("1.35.6", system="1.34.9", fresh="1.34.9")
    messages = found("legal-step", change(after, before), {"secure-aks:environment": "dev"})
    assert any("does more than one thing" in message for message in messages)


def test_a_deleted_pool_has_to_be_empty_in_prod() -> None:
    before = recorded("1.34.9", system="1.34.9", old="1.34.9")
    after = recorded("1.34.9", system="1.34.9")
    [message] = found("no-replacement", change(after, before))
    assert "pool old of aks-prod: would be deleted with the pods on it" in message
    assert "kubectl drain -l agentpool=old" in message
    assert found("no-replacement", change(after, before), {"secure-aks:environment": "dev"}) == []
    empty = recorded("1.34.9", system="1.34.9", old={"version": "1.34.9", "nodes": 0})
    assert found("no-replacement", change(after, empty)) == []
    three = recorded("1.34.9", system="1.34.9", old={"version": "1.34.9", "nodes": 3})
    assert found("no-replacement", change(after, three)) == [message]


def test_a_pool_of_all_clusters_comes_and_goes_in_prod_by_an_up_each() -> None:
    """docs/several-clusters.md, Another pool in all of them."""
    empty = {"version": "1.35.7", "nodes": 0}
    stages = [
        {
            name: recorded("1.35.7", name=name, system="1.35.7", **pools)["clusters"][name]
            for name in ("aks-prod", "aks-blue")
        }
        for pools in (
            {"old": "1.35.7"},
            {"old": "1.35.7", "new": "1.35.7"},
            {"old": empty, "new": "1.35.7"},
            {"new": "1.35.7"},
        )
    ]
    states = [{"schema": 1, "clusters": one} for one in stages]
    said = [
        found(rule, change(after, before))
        for before, after in pairwise(states)
        for rule in ("legal-step", "no-replacement", "deletion-told")
    ]
    assert said == [[]] * 9
    assert found("legal-step", change(states[-1], states[0]))


def test_long_term_support_may_skip_minors_within_the_skew() -> None:
    before = {"aks": cluster("1.33.13", system="1.33.13")}
    jumps = {"aks": cluster("1.36.2", system="1.33.13")}
    assert [one.code for one in illegal(before, jumps, Rules())] == ["skipped-minor"]
    assert illegal(before, jumps, Rules(), {"aks"}) == []
    pools = {"aks": cluster("1.36.2", system="1.36.2")}
    assert illegal(jumps, pools, Rules(), {"aks"}) == []
    too_far = {"aks": cluster("1.37.1", system="1.37.1")}
    assert "skipped-minor" in {one.code for one in illegal(before, too_far, Rules(), {"aks"})}


def test_the_pack_knows_long_term_support_from_the_stack_file() -> None:
    before, after = recorded("1.34.9", system="1.34.9"), recorded("1.36.2", system="1.34.9")
    assert found("legal-step", change(after, before))
    plan = {"tier": "Premium", "supportPlan": "AKSLongTermSupport"}
    assert found("legal-step", change(after, before), {"secure-aks:cluster": plan}) == []


def test_only_the_two_newest_patches_of_an_lts_minor_have_support() -> None:
    catalog, day = Catalog.load(), date(2026, 11, 23)
    states = {patch: catalog.support(v(patch), day, lts=True) for patch in ("1.33.13", "1.33.12", "1.33.11")}
    assert [one.state for one in states.values()] == ["lts", "lts", "ended"]
    assert states["1.33.11"].newer == v("1.33.13")
    assert states["1.33.11"].ends == date(2026, 7, 31), "not before the minor's own support ended"
    assert catalog.support(v("1.34.2"), day, lts=True).state == "supported", "not in long-term support yet"


def test_an_old_patch_of_an_lts_minor_is_told_and_not_refused() -> None:
    lts = {"sku": {"tier": "Premium"}, "supportPlan": "AKSLongTermSupport", "agentPoolProfiles": []}
    resource = aks_cluster(kubernetesVersion="1.33.11", **lts)
    assert found("supported-version", resource) == []
    [message] = found("newer-patch", resource)
    assert "only the two newest patches have it; move to 1.33.13" in message


@pytest.mark.parametrize(
    ("version", "unknown"), [("1.35.99", True), ("1.38.0", True), ("1.20.1", False), ("1.33.99", False)]
)
def test_what_is_newer_than_the_catalog_is_unknown_and_what_is_older_is_refused(
    version: str, *, unknown: bool
) -> None:
    [message] = found("supported-version", agent_pool(orchestratorVersion=version))
    assert message.startswith("unknown: ") is unknown


def test_versions_that_all_go_down_are_told_once_with_one_remedy() -> None:
    before = recorded("1.35.6", system="1.35.6", general="1.35.6", spot="1.35.5")
    after = recorded("1.32.11", system="1.32.11", general="1.32.11", spot="1.32.11")
    [message] = found("legal-step", change(after, before))
    assert message.startswith("4 versions go down (control plane of aks-prod 1.35.6 -> 1.32.11; pool system")
    assert message.endswith("write again what runs, which is the version before each arrow")
    some = recorded("1.36.2", system="1.32.11", general="1.32.11", spot="1.35.5")
    both = found("legal-step", change(some, before))
    assert ["versions go down" in one or "skips" in one or "behind" in one for one in both] == [True] * len(
        both
    )
