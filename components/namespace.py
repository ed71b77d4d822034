"""A namespace that says how secure its pods must be."""

from collections.abc import Mapping
from typing import Literal

import pulumi

from .parts.pins import POD_SECURITY_VERSION
from .parts.token_resource import KubernetesObject

PodSecurity = Literal["restricted", "baseline", "privileged"]
"""Levels of the Pod Security Standards."""


def pod_security_labels(level: PodSecurity) -> dict[str, str]:
    """Return the labels by which the API server's own admission enforces a Pod Security level in a namespace."""
    modes = {f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "audit", "warn")}
    versions = {f"{mode}-version": POD_SECURITY_VERSION for mode in modes}
    return {**modes, **versions}


class Namespace(KubernetesObject):
    """A namespace with Pod Security labels; `restricted` unless its pods cannot be.

    It is called `name` in the program and in the cluster, or there `namespace`, as where two clusters have one each.
    """

    def __init__(
        self,
        name: str,
        pod_security: PodSecurity = "restricted",
        labels: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        namespace: str | None = None,
    ) -> None:
        metadata = {
            "name": namespace or name,
            "labels": {**(labels or {}), **pod_security_labels(pod_security)},
        }
        super().__init__(name, {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}, opts)
