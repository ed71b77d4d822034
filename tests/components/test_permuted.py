"""The order of a list or of a mapping's keys in a stack file says nothing, but where it is said to: other orders plan nothing."""

from __future__ import annotations

import json
import random
import runpy
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.asked.keys import FOLDER
from tests.asked.keys import config as asked
from tests.components.helpers import Answers, Run, azure_kubeconfig, run
from tests.settings.test_clusters import BLUE
from tests.settings.test_own_cluster import OWN

ROOT = Path(__file__).parents[2]
STATE = dict[str, dict[str, Any]]


def configuration(stack: str) -> dict[str, Any]:
    shared = YAML(typ="safe").load(ROOT / "Pulumi.yaml")["config"]
    plain = {
        key: value["value"] if isinstance(value, dict) and set(value) == {"value"} else value
        for key, value in shared.items()
    }
    return {**plain, **YAML(typ="safe").load(ROOT / f"Pulumi.{stack}.yaml")["config"]}


class Friendly(Answers):
    """Answers that know what a stack file names by its id."""

    def call(self, args: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token.endswith((":getUserAssignedIdentity", ":getManagedCluster", ":getBackupVault")):
            return {"principalId": "p", "clientId": "c", "identity": {"principalId": "p"}, **args.args}, []
        return super().call(args)


def program(
    config: dict[str, Any], stack: str, state: STATE | None = None, answers: Answers | None = None
) -> Run:
    texts = {
        key: value if isinstance(value, str) else json.dumps(value, default=str)
        for key, value in config.items()
    }
    friendly = Friendly(dry_run=False, last_outputs={}, kubeconfig=azure_kubeconfig(), state=state)
    return run(
        lambda: runpy.run_path(str(ROOT), run_name="__main__"),
        config=texts,
        stack_name=stack,
        answers=answers or friendly,
    )


IN_ORDER = frozenset({"stages"})
"""Lists whose order is what they say."""


def permuted(value: Any, order: random.Random, key: str = "") -> tuple[Any, int]:
    """Return a value with each list and mapping in it in another order, and how many lists there were to permute."""
    if isinstance(value, dict):
        keys = order.sample(list(value), len(value))
        found = {key: permuted(value[key], order, key) for key in keys}
        return {key: one for key, (one, _) in found.items()}, sum(count for _, count in found.values())
    if not isinstance(value, list):
        return value, 0
    inner = [permuted(one, order) for one in value]
    items = [one for one, _ in inner]
    if key in IN_ORDER:
        return items, sum(count for _, count in inner)
    mixed = (
        list(reversed(items)) if len(items) == 2 else order.sample(items, len(items))
    )  # a pair has one other order
    return mixed, sum(count for _, count in inner) + (mixed != items)


def planned(done: Run) -> dict[str, Any]:
    """What the engine compares with its state, by URN, and with the stack's outputs."""
    found = {
        one.urn: {
            **({} if one.type.startswith("secure-aks:") else one.inputs),
            "to protect": one.request.protect,
            "to ignore": sorted(one.request.ignoreChanges),
            "provider": one.request.provider.rpartition("::")[0],
        }
        for one in done.registered
    }
    return {**found, "outputs": flat(done.stack_outputs)}


def flat(value: Any, place: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {place: value}
    return {path: one for key, inner in value.items() for path, one in flat(inner, f"{place}.{key}").items()}


MORE: dict[str, Any] = {
    "secure-aks:cluster": {
        "apiServer": {
            "access": "ip-restricted",
            "authorizedIpRanges": ["203.0.113.0/24", "198.51.100.0/24", "1.1.1.0/24"],
        },
        "breakGlass": [{"name": "one", "objectId": "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"}, {"name": "two", "objectId": "7f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"}],
        "registries": [{"name": "imagesone"}, {"name": "imagestwo"}],
    },
    "secure-aks:exemptions": [
        {"rule": "pod-privileged", "resource": {"kind": "Pod", "namespace": "payments", "name": name}, "reason": "tried out", "until": "2026-12-20"}
        for name in ("one", "two", "three")
    ],
    "secure-aks:audit": {"categories": ["guard", "kube-audit", "kube-scheduler"]},
    "secure-aks:maintenance": {"notAllowed": [{"start": "2026-12-20", "end": "2026-12-31"}, {"start": "2027-04-01", "end": "2027-04-05"}]},
}  # fmt: skip
"""Lists that no shipped stack has in full."""


def with_more(config: dict[str, Any]) -> dict[str, Any]:
    joined = {**config}
    for section, said in MORE.items():
        joined[section] = {**config.get(section, {}), **said} if isinstance(said, dict) else said
    pools = [dict(pool) for pool in config["secure-aks:pools"]]
    pools[0] |= {"taints": ["a=b:NoSchedule", "c=d:NoSchedule"], "zones": ["1", "2", "3"]}
    joined["secure-aks:pools"] = pools
    return joined


def moving(config: dict[str, Any]) -> list[dict[str, Any]]:
    """The stack's teams, one of them on the way into a cluster of its own."""
    word = {"isolation": "cluster", "movingFrom": "sandbox"}
    return [{**team, **word} if team["name"] == "partners" else team for team in config["secure-aks:teams"]]


def several() -> dict[str, Any]:
    """Three clusters, two of which make one group that the first does not name."""
    config = with_more(configuration("dev"))
    versions = {pool["name"]: pool["version"] for pool in config["secure-aks:pools"]}
    groups = [{"name": "sre"}, {"name": "audit"}, {"name": "aks-dev-readers"}]
    more = {"registries": [], "readers": groups, "apiServer": MORE["secure-aks:cluster"]["apiServer"]}
    blue = {**BLUE, "cluster": {**BLUE["cluster"], **more}, "poolVersions": versions}
    blue["audit"] = {"categories": ["guard", "kube-scheduler"]}
    partners = {**OWN, "cluster": {**OWN["cluster"], **more}}
    config["secure-aks:clusters"] = {"blue": blue, "partners": partners}
    return {**config, "secure-aks:teams": moving(config)}


SECOND = YAML(typ="safe").load((Path(__file__).parent / "second_items.yaml").read_text())


def twofold(name: str) -> dict[str, Any]:
    """A stack of tests/asked whose lists of one item have a second one."""
    config = asked(FOLDER / f"{name}.yaml")
    for path, item in SECOND[name].items():
        *parts, last = path.split(".")
        place: Any = config[f"secure-aks:{parts[0]}"] if parts else config
        for part in parts[1:]:
            place = place[int(part) if part.isdigit() else part]
        name = last if parts else f"secure-aks:{last}"
        place[name] = [*place.get(name, []), *(item if isinstance(item, list) else [item])]
    return config


def with_kured() -> dict[str, Any]:
    """Prod with all of kured's lists, and its mappings that kured reads as lists."""
    config = configuration("prod")
    labels = {"reboots/state": "going", "reboots/by": "kured"}
    more = {
        "preRebootNodeLabels": labels,
        "postRebootNodeLabels": labels,
        "blockingPodSelectors": ["a=b", "c=d"],
    }
    kured = {**config["secure-aks:nodeUpdates"]["kured"], **more}
    config["secure-aks:nodeUpdates"] = {**config["secure-aks:nodeUpdates"], "kured": kured}
    days = MORE["secure-aks:maintenance"]
    return {**config, "secure-aks:maintenance": {**config["secure-aks:maintenance"], **days}}


CASES = {
    "dev": lambda: with_more(configuration("dev")),
    "prod": with_kured,
    "several": several,
    **{name: lambda name=name: twofold(name) for name in SECOND},
}


@pytest.mark.parametrize("case", CASES)
def test_every_list_in_another_order_plans_nothing(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    config, stack = CASES[case](), "prod" if case == "prod" else "dev"
    other, count = permuted(config, random.Random(f"{case} 8"))  # noqa: S311  # an order, no secret
    assert count  # what it permutes is there
    first = program(config, stack)
    groups = {one.urn: {"outputs": {}} for one in first.of(":Group")}  # all else as at the first `up`
    again = program(other, stack, groups)
    before, after = planned(first), planned(again)
    # What another component makes now is by its alias what it was.
    was = {alias.urn: one.urn for one in again.registered for alias in one.request.aliases}
    before = {was.get(urn, urn) if urn not in after else urn: said for urn, said in before.items()}
    assert set(before) == set(after)
    differing = {
        (urn.rsplit("::", 1)[-1], key): (before[urn].get(key), after[urn].get(key))
        for urn in before
        for key in before[urn].keys() | after[urn].keys()
        if before[urn].get(key) != after[urn].get(key)
    }
    assert differing == {}
