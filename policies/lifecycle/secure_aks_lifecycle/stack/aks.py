"""Where the versions of a cluster stand among a stack's resources."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.judging.plain import UNKNOWN, dig, mappings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.resource import Resource

CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
DEPLOYMENT = "azure-native:resources:Deployment"
CHANGE = "secure-aks:index:VersionChange"
LTS = ("Premium", "AKSLongTermSupport")
"""The tier and the support plan that together buy long-term support."""
_POOL_IN_TEMPLATE = "microsoft.containerservice/managedclusters/agentpools"
_PARAMETER = re.compile(r"\[parameters\('([^']+)'\)\]")


@dataclass(frozen=True, slots=True)
class Versioned:
    """A control plane or a node pool and the version asked for; `version` and `os_sku` may be `UNKNOWN`, or None when not set.

    `path` is the property that holds the version.
    """

    role: str
    name: str
    cluster: Any
    version: Any
    path: str
    os_type: Any = None
    os_sku: Any = None

    @property
    def subject(self) -> str:
        """What it is, in words."""
        return f"{self.role} {self.name}"


def versioned(resource: Resource) -> list[Versioned]:
    """List every version a resource asks for: a cluster's own and its inline pools', a pool's, a template's pools'."""
    if resource.type == CLUSTER:
        return list(_cluster(resource))
    if resource.type == POOL:
        return [_pool(resource.props, resource.name, "orchestratorVersion")]
    if resource.type == DEPLOYMENT:
        return list(_template(resource))
    return []


def is_lts(props: dict[str, Any]) -> bool:
    """Tell whether a ManagedCluster's properties buy long-term support: tier Premium and plan AKSLongTermSupport."""
    return (dig(props, "sku", "tier"), dig(props, "supportPlan")) == LTS


def _cluster(resource: Resource) -> Iterator[Versioned]:
    name = _text(resource.props.get("resourceName"), resource.name)
    yield Versioned("control plane", name, name, resource.props.get("kubernetesVersion"), "kubernetesVersion")
    for index, pool in enumerate(mappings(resource.props.get("agentPoolProfiles"))):
        yield Versioned(
            role="pool",
            name=_text(pool.get("name"), f"[{index}]"),
            cluster=name,
            version=pool.get("orchestratorVersion"),
            path=f"agentPoolProfiles[{index}].orchestratorVersion",
            os_type=pool.get("osType"),
            os_sku=pool.get("osSKU"),
        )


def _pool(props: dict[str, Any], name: str, path: str) -> Versioned:
    return Versioned(
        role="pool",
        name=_text(props.get("agentPoolName"), name),
        cluster=props.get("resourceName"),
        version=props.get("orchestratorVersion"),
        path=path,
        os_type=props.get("osType"),
        os_sku=props.get("osSKU"),
    )


def _template(resource: Resource) -> Iterator[Versioned]:
    properties = dig(resource.props, "properties")
    template = _json(dig(properties, "template"))
    if template is UNKNOWN:
        yield Versioned("pools of the template", resource.name, None, UNKNOWN, "properties.template")
        return
    for index, item in enumerate(mappings(dig(template, "resources"))):
        if str(item.get("type", "")).lower() != _POOL_IN_TEMPLATE:
            continue
        name = _argument(item.get("name"), properties, template)
        cluster, _, pool = name.rpartition("/") if isinstance(name, str) else (None, "", resource.name)
        yield Versioned(
            role="pool",
            name=pool,
            cluster=cluster,
            version=_argument(dig(item, "properties", "orchestratorVersion"), properties, template),
            path=f"properties.template.resources[{index}].properties.orchestratorVersion",
            os_type=dig(item, "properties", "osType"),
            os_sku=dig(item, "properties", "osSKU"),
        )


def _argument(value: Any, properties: Any, template: Any) -> Any:
    """Resolve `[parameters('x')]`; any other template expression is unknown before Azure evaluates it."""
    if not isinstance(value, str) or not value.startswith("["):
        return value
    found = _PARAMETER.fullmatch(value)
    if found is None:
        return UNKNOWN
    given = dig(properties, "parameters", found[1], "value")
    return given if given is not None else dig(template, "parameters", found[1], "defaultValue") or UNKNOWN


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _text(value: Any, default: str) -> str:
    return value if isinstance(value, str) else default
