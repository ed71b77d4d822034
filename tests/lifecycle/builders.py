"""A happy stack and its parts, for tests that change one thing at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.judging.context import Context
from secure_aks_lifecycle.judging.judge import Judge
from secure_aks_lifecycle.judging.resource import Resource
from secure_aks_lifecycle.rules import RULES
from secure_aks_lifecycle.stack.aks import CHANGE, CLUSTER, DEPLOYMENT, POOL
from secure_aks_lifecycle.stack.record import ClusterState, PoolState
from secure_aks_lifecycle.stack.stack_config import StackConfig
from secure_aks_lifecycle.versions.version import Version

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CURRENT, OLDER, NEWER = "1.35.7", "1.34.10", "1.36.3"
BY_ID = {rule.id: rule for rule in RULES}


def v(text: str) -> Version:
    return Version.parse(text)


def cluster(control_plane: str, **pools: str | PoolState) -> ClusterState:
    states = {
        name: pool
        if isinstance(pool, PoolState)
        else PoolState(v(pool), mode="System" if name == "system" else "User")
        for name, pool in pools.items()
    }
    return ClusterState(v(control_plane), states)


def recorded(control_plane: str, since: Any = None, name: Any = "aks-prod", **pools: Any) -> dict[str, Any]:
    """A `versions` output; a pool is a version or an entry."""
    start = {"since": since} if since else {}
    entries = {
        pool: {"osType": "Linux", "mode": "System" if pool == "system" else "User", **start}
        | (value if isinstance(value, dict) else {"version": value})
        for pool, value in pools.items()
    }
    return {
        "schema": 1,
        "clusters": {name: {"controlPlane": {"version": control_plane, **start}, "pools": entries}},
    }


def change(
    current: Any, previous: Any = None, follows: str | None = None, followed: Any = None, made: Any = None
) -> Resource:
    props = {"current": current, "previous": previous, "follows": follows, "followed": followed, "made": made}
    return Resource(CHANGE, f"urn:{CHANGE}", "versions", props)


def aks_cluster(**props: Any) -> Resource:
    happy = {
        "resourceName": "aks-prod",
        "kubernetesVersion": CURRENT,
        "sku": {"name": "Base", "tier": "Standard"},
        "autoUpgradeProfile": {"upgradeChannel": "none", "nodeOSUpgradeChannel": "Unmanaged"},
        "agentPoolProfiles": [{"name": "system", "mode": "System", "osType": "Linux", "osSKU": "Ubuntu2404"}],
    }
    return Resource(CLUSTER, "urn:cluster", "cluster", happy | props)


def agent_pool(name: str = "general", **props: Any) -> Resource:
    happy = {
        "resourceName": "aks-prod",
        "agentPoolName": name,
        "orchestratorVersion": CURRENT,
        "osType": "Linux",
        "osSKU": "Ubuntu2404",
    }
    return Resource(POOL, f"urn:{name}", name, happy | props)


def pool_deployment(pool: str = "system", **properties: Any) -> Resource:
    happy = {"orchestratorVersion": CURRENT, "osType": "Linux", "osSKU": "Ubuntu2404"}
    template = {
        "resources": [
            {
                "type": "Microsoft.ContainerService/managedClusters/agentPools",
                "name": f"aks-prod/{pool}",
                "properties": happy | properties,
            }
        ]
    }
    return Resource(
        DEPLOYMENT, "urn:deployment", "system-pool-version", {"properties": {"template": template}}
    )


def kubernetes(api: str, kind: str, name: str = "web") -> Resource:
    props = {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": "payments"}}
    return Resource(f"kubernetes:{api}:{kind}", f"urn:{name}", name, props)


def judge(config: dict[str, Any] | None = None, now: datetime = NOW, catalog: Catalog | None = None) -> Judge:
    settings = {"secure-aks:environment": "prod", **(config or {})}
    exemptable = frozenset(rule.id for rule in RULES if rule.check)
    parsed = StackConfig.parse(settings).checked(frozenset(BY_ID), exemptable)
    return Judge(Context(now, parsed, catalog or Catalog.load(), exemptable))


def found(
    rule: str, resource: Resource, config: dict[str, Any] | None = None, now: datetime = NOW
) -> list[str]:
    """What a rule says about a resource: violations as they are, unknowns marked."""
    one = judge(config, now)
    one.context.seen.note(resource)
    return [
        ("unknown: " if item.unknown else "") + item.message for item in one.resource(BY_ID[rule], resource)
    ]
