"""What rules read of the stack file besides their own parameters."""

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network
from typing import Any

from secure_aks_security.rules import load_rules
from secure_aks_security.shapes import items, mapping
from secure_aks_security.stack_file import platform

SECTIONS = ("cluster", "pools", "teams", "nodeUpdates", "profiles", "admission", "platform")
"""The sections of the stack file that facts come from."""
_NEWEST = 99
_RANGES = {"podCidr": "10.244.0.0/16", "serviceCidr": "10.0.0.0/16"}
"""Where a cluster's section says nothing, as settings/sections/cluster.py has them."""
_FUTURE = 20  # minors from the oldest that will do


def facts(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Return every fact by name; a section that is missing or malformed gives an empty one."""
    return {name: read(sections) for name, read in _FACTS.items()}


def fact_type(name: str) -> str:
    """Return the JSON type of a fact."""
    return {list: "array", int: "integer", str: "string"}[type(_FACTS[name]({}))]


def _namespaces(sections: Mapping[str, Any], key: str, value: str) -> list[str]:
    owners = map(mapping, (*items(sections.get("teams")), *items(sections.get("platform"))))
    return [str(one.get("namespace") or one.get("name")) for one in owners if one.get(key) == value]


def _dedicated_nodes(sections: Mapping[str, Any]) -> list[str]:
    """Return the namespaces that have nodes of their own, or are to have them."""
    pools = map(mapping, items(sections.get("pools")))
    found = [str(pool["namespace"]) for pool in pools if pool.get("namespace")]
    return list(dict.fromkeys([*found, *_FACTS["ownNodesNamespaces"](sections)]))


def _break_glass_groups(sections: Mapping[str, Any]) -> list[str]:
    groups = map(mapping, items(mapping(sections.get("cluster")).get("breakGlass")))
    return [str(group["objectId"]) for group in groups if group.get("objectId")]


def _node_updates(sections: Mapping[str, Any]) -> str:
    return str(mapping(sections.get("nodeUpdates")).get("mode") or "")


def _profiles(sections: Mapping[str, Any], kind: str) -> list[str]:
    """Return the names of the profiles of a kind; an entry is a name, or a mapping with one."""
    return [
        entry if isinstance(entry, str) else str(mapping(entry).get("name"))
        for entry in items(mapping(sections.get("profiles")).get(kind))
    ]


def _minor(sections: Mapping[str, Any]) -> int:
    """Return the minor, the 36 of 1.36.3, that the control plane is to have; where none is said, one above all."""
    found = re.match(r"1\.(\d+)", str(mapping(sections.get("cluster")).get("kubernetesVersion") or ""))
    return int(found[1]) if found else _NEWEST


BROUGHT = {
    "gitops": ("flux-system",),
    "backup": ("dataprotection-microsoft",),
    "ingress": ("app-routing-system",),
    "mesh": ("aks-istio-system", "aks-istio-ingress"),
}
"""Namespaces of AKS's own that a section under `cluster` brings along, in whichever cluster of a stack.

Source: AKS documentation, "Application routing add-on", "Deploy Istio-based service mesh add-on", and of the extensions their own pages.
"""


def _snapshot_groups(sections: Mapping[str, Any]) -> list[str]:
    """Return the resource groups that have snapshots of the clusters' disks and nothing else, as patterns."""
    backups = map(mapping, items(mapping(sections.get("cluster")).get("backups")))
    return [re.escape(str(one["snapshotGroup"])) for one in backups if one.get("snapshotGroup")]


def ranges(cluster: Mapping[str, Any]) -> list[str]:
    """Return the ranges of a cluster's pods and Services, as far as its section says or AKS has them; [] where nobody knows."""
    known, shipped = (cluster, _RANGES) if not cluster.get("existing") else (mapping(cluster["existing"]), {})
    return [str(one) for key in _RANGES if (one := known.get(key) or shipped.get(key))]


def _cluster_ranges(sections: Mapping[str, Any]) -> list[str]:
    """Return them as patterns of the addresses in them, in which the program's own clusters of a stack all count."""
    cluster = mapping(sections.get("cluster"))
    return list(dict.fromkeys(map(_addresses, items(cluster.get("ranges")) or ranges(cluster))))


def _addresses(cidr: str) -> str:
    """Return the pattern of an IPv4 range's addresses; of what is no range, one that nothing fits."""
    try:
        network = IPv4Network(cidr, strict=False)
    except ValueError:
        return "^-$"
    whole, rest = divmod(network.prefixlen, 8)
    octets = [str(octet) for octet in network.network_address.packed]
    parts = [f"0*{octet}" for octet in octets[:whole]]
    if rest:
        first = int(octets[whole])
        some = "|".join(map(str, range(first, first + 2 ** (8 - rest))))
        parts.append(f"0*({some})")
    return "^" + "[.]".join(parts) + ("$" if len(parts) == len(octets) else "[.]" if parts else "[0-9]+[.]")


def _pod_security_versions(sections: Mapping[str, Any]) -> list[str]:
    """Return the versions of the Pod Security Standards with every check that the cluster's own has."""
    checks = [int(rule.since.partition(".")[2]) for rule in load_rules() if rule.profile]
    least = min(max(checks), _minor(sections))
    return ["latest", *(f"v1.{minor}" for minor in range(least, least + _FUTURE))]


def _aks_namespaces(sections: Mapping[str, Any]) -> list[str]:
    """Return the namespaces that AKS brings along with what the stack switches on."""
    cluster = mapping(sections.get("cluster"))
    found = ["kube-system"]
    if not cluster.get("existing"):  # on a cluster that is there already nobody knows what came along
        if cluster.get("azurePolicy", True):
            found.append("gatekeeper-system")
        if cluster.get("networkPolicy") == "calico":
            found += ["calico-system", "tigera-operator"]
        found += [name for key, names in BROUGHT.items() if cluster.get(key) is not None for name in names]
    return found


def _system_namespaces(sections: Mapping[str, Any]) -> list[str]:
    """Return them and those that the stack names."""
    named = mapping(sections.get("admission")).get("systemNamespaces")
    return list(dict.fromkeys([*_aks_namespaces(sections), *sorted(map(str, items(named)))]))


_FACTS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "teamNamespaces": lambda sections: [
        str(team.get("namespace") or team.get("name")) for team in map(mapping, items(sections.get("teams")))
    ],
    "baselineNamespaces": lambda sections: _namespaces(sections, "podSecurity", "baseline"),
    "sandboxedNamespaces": lambda sections: _namespaces(sections, "isolation", "sandbox"),
    "ownNodesNamespaces": lambda sections: [
        name for degree in ("nodes", "sandbox") for name in _namespaces(sections, "isolation", degree)
    ],
    "dedicatedNodes": _dedicated_nodes,
    "breakGlassGroups": _break_glass_groups,
    "nodeUpdates": _node_updates,
    "declaredSeccompProfiles": lambda sections: _profiles(sections, "seccomp"),
    "kubernetesMinor": _minor,
    "snapshotGroups": _snapshot_groups,
    "systemNamespaces": _system_namespaces,
    "aksNamespaces": _aks_namespaces,
    "clusterRanges": _cluster_ranges,
    "podSecurityVersions": _pod_security_versions,
    "platformNamespaces": lambda sections: platform.namespaces(sections.get("platform")),
    "platformBindings": lambda sections: platform.bindings(sections.get("platform"), beginnings=False),
    "platformBindingsFrom": lambda sections: platform.bindings(sections.get("platform"), beginnings=True),
    "platformRoles": lambda sections: platform.guarded(sections.get("platform"), beginnings=False),
    "platformRolesFrom": lambda sections: platform.guarded(sections.get("platform"), beginnings=True),
    "declaredAppArmorProfiles": lambda sections: _profiles(sections, "apparmor"),
}
