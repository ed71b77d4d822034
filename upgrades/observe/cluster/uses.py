"""What a cluster runs that a new version may break, by the names in the lifecycle pack's `data/changes.yaml`."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from kubernetes.client import ApiException

from upgrades.observe.json_parts import part

from .deprecated import LABEL, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .api_reader import ApiReader

Json = dict[str, Any]

OWN_DNS = "/api/v1/namespaces/kube-system/configmaps/coredns-custom"
IN_TREE = {"azureDisk", "azureFile"}
"""Kinds of volumes whose driver was a part of Kubernetes."""
CGROUP_V1 = "systemd.unified_cgroup_hierarchy=0"
"""What a DaemonSet tells the kernel of its nodes to put them back to cgroup v1 (AKS, examples/cgroups)."""
MANAGED = "kube-aggregator.kubernetes.io/automanaged"
"""A label that says `onstart` of the APIs that are built in, and `true` of those of custom resources."""
BETA = re.compile(r"v\d+beta\d+")


def in_cluster(reader: ApiReader) -> frozenset[str]:
    """Return what the API server tells of. Raises ApiException for what may not be read."""
    return frozenset(name for name, found in _LOOKS.items() if found(reader))


def in_azure(cluster: Mapping[str, Any]) -> frozenset[str]:
    """Return what Azure tells of a managed cluster."""
    proxy = part(cluster, "properties", "networkProfile", "kubeProxyConfig")
    is_ipvs = str(proxy.get("mode") or "").upper() == "IPVS" and proxy.get("enabled") is not False
    return frozenset({"kube-proxy-ipvs"}) if is_ipvs else frozenset()


def _has_own_dns(reader: ApiReader) -> bool:
    """Tell whether AKS's ConfigMap for additions to CoreDNS holds any: that one alone may be read by `secure-aks-readers`."""
    try:
        return bool(reader.get(OWN_DNS).get("data"))
    except ApiException as error:
        if getattr(error, "status", None) == HTTPStatus.NOT_FOUND:
            return False
        raise


def _has_git_repo(reader: ApiReader) -> bool:
    return any(
        "gitRepo" in volume
        for pod in reader.items("/api/v1/pods")
        for volume in pod["spec"].get("volumes") or ()
    )


def _has_in_tree(reader: ApiReader) -> bool:
    specs = (item["spec"] for item in reader.items("/api/v1/persistentvolumes"))
    pods = (volume for pod in reader.items("/api/v1/pods") for volume in pod["spec"].get("volumes") or ())
    return any(IN_TREE & volume.keys() for volume in (*specs, *pods))


def _has_cgroup_v1(reader: ApiReader) -> bool:
    daemons: Iterable[Json] = reader.items("/apis/apps/v1/daemonsets")
    return any(CGROUP_V1 in json.dumps(item["spec"]) for item in daemons)


def _has_beta(reader: ApiReader) -> bool:
    """Tell whether somebody was served by a beta API of Kubernetes itself since the API server started."""
    own = {
        (item["spec"].get("group", ""), item["spec"].get("version", ""))
        for item in reader.items("/apis/apiregistration.k8s.io/v1/apiservices")
        if part(item, "metadata", "labels").get(MANAGED) == "onstart"
    }
    asked = (dict(LABEL.findall(match["labels"])) for match in REQUESTS.finditer(reader.metrics()))
    return any(
        BETA.fullmatch(one.get("version", ""))
        and (one.get("group", ""), one.get("version", "")) in own
        and one.get("code", "").startswith("2")
        for one in asked
    )


_LOOKS: dict[str, Callable[[ApiReader], bool]] = {
    "coredns-custom": _has_own_dns,
    "git-repo-volumes": _has_git_repo,
    "in-tree-volumes": _has_in_tree,
    "cgroup-v1": _has_cgroup_v1,
    "beta-apis": _has_beta,
}
KNOWN = {*_LOOKS, "kube-proxy-ipvs"}
"""Every name that can be found here."""
