"""The order of a list in a stack file says nothing, but where it is said to: other orders plan nothing."""

from __future__ import annotations

import json
import random
import runpy
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.components.helpers import Run, run

ROOT = Path(__file__).parents[2]


def configuration(stack: str) -> dict[str, Any]:
    shared = YAML(typ="safe").load(ROOT / "Pulumi.yaml")["config"]
    plain = {
        key: value["value"] if isinstance(value, dict) and set(value) == {"value"} else value
        for key, value in shared.items()
    }
    return {**plain, **YAML(typ="safe").load(ROOT / f"Pulumi.{stack}.yaml")["config"]}


def program(config: dict[str, Any], stack: str) -> Run:
    texts = {
        key: value if isinstance(value, str) else json.dumps(value, default=str)
        for key, value in config.items()
    }
    return run(lambda: runpy.run_path(str(ROOT), run_name="__main__"), config=texts, stack_name=stack)


def permuted(value: Any, order: random.Random) -> tuple[Any, int]:
    """Return a value with each list in it in another order, and how many there were to permute."""
    if isinstance(value, dict):
        found = {key: permuted(one, order) for key, one in value.items()}
        return {key: one for key, (one, _) in found.items()}, sum(count for _, count in found.values())
    if not isinstance(value, list):
        return value, 0
    inner = [permuted(one, order) for one in value]
    items = [one for one, _ in inner]
    mixed = (
        list(reversed(items)) if len(items) == 2 else order.sample(items, len(items))
    )  # a pair has one other order
    return mixed, sum(count for _, count in inner) + (mixed != items)


def planned(done: Run) -> dict[str, Any]:
    return {one.urn: one.inputs for one in done.registered if not one.type.startswith("secure-aks:")}


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


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_list_in_another_order_plans_nothing(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    config = configuration(stack)
    if stack == "dev":
        config = with_more(config)
    other, count = permuted(config, random.Random(f"{stack} 7"))  # noqa: S311  # an order, no secret
    assert count > 5  # what it permutes is there
    before, after = planned(program(config, stack)), planned(program(other, stack))
    assert set(before) == set(after)
    differing = {
        (urn.rsplit("::", 1)[-1], key): (before[urn].get(key), after[urn].get(key))
        for urn in before
        for key in before[urn].keys() | after[urn].keys()
        if before[urn].get(key) != after[urn].get(key)
    }
    assert differing == {}
