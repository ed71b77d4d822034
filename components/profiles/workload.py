"""Running a workload under profiles that the stack loads."""

import copy
from collections.abc import Mapping
from typing import Any

from secure_aks_lifecycle.versions.version import Version

from settings.sections.profiles import Profiles
from settings.words import did_you_mean

from .names import Kind, node_label

_FIELD_SINCE = (1, 30)
"""The minor from which a pod names its AppArmor profile in a field; before, in an annotation for each container."""
_FIELDS: Mapping[Kind, str] = {"seccomp": "seccompProfile", "apparmor": "appArmorProfile"}
_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"


def confined(
    pod: Mapping[str, Any],
    profiles: Profiles,
    version: Version,
    *,
    seccomp: str | None = None,
    apparmor: str | None = None,
) -> dict[str, Any]:
    """Return a pod (or a workload's pod template) that runs under profiles, on nodes where they are loaded.

    `version` is the lowest Kubernetes version of the nodes. Raises ValueError for a profile that the stack does not
    declare (such a pod would never start), for none at all, for a Windows pod, and for a container with a profile of
    its own, which Kubernetes puts before the pod's.
    """
    both: tuple[tuple[Kind, str | None], ...] = (("seccomp", seccomp), ("apparmor", apparmor))
    chosen: dict[Kind, str] = {kind: name for kind, name in both if name is not None}
    if not chosen:
        raise ValueError("no profile is named; give `seccomp`, `apparmor` or both")
    made: dict[str, Any] = copy.deepcopy(dict(pod))
    spec: dict[str, Any] = made.setdefault("spec", {})
    if spec.get("os", {}).get("name") == "windows":
        raise ValueError("a Windows pod has neither seccomp nor AppArmor; leave its profiles out")
    for kind, name in chosen.items():
        declared = [profile.name for profile in profiles.of_kind(kind)]
        if name not in declared:
            known = did_you_mean(name, declared) if declared else f"add it to secure-aks:profiles.{kind}"
            raise ValueError(f"the stack declares no {kind} profile {name!r}; {known}")
        _refuse_own(spec, kind)
        _require(spec, {"key": node_label(kind, name), "operator": "Exists"})
    security: dict[str, Any] = spec.setdefault("securityContext", {})
    if seccomp:
        security[_FIELDS["seccomp"]] = {"type": "Localhost", "localhostProfile": seccomp}
    if apparmor and version.minor >= _FIELD_SINCE:
        security[_FIELDS["apparmor"]] = {"type": "Localhost", "localhostProfile": apparmor}
    elif apparmor:
        annotations = made.setdefault("metadata", {}).setdefault("annotations", {})
        for container in _containers(spec):
            annotations[_ANNOTATION + container["name"]] = f"localhost/{apparmor}"
    return made


def _containers(spec: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    return (*spec.get("initContainers", ()), *spec.get("containers", ()))


def _refuse_own(spec: Mapping[str, Any], kind: Kind) -> None:
    own = [c["name"] for c in _containers(spec) if _FIELDS[kind] in (c.get("securityContext") or {})]
    if own:
        raise ValueError(
            f"the containers {', '.join(own)} have a {_FIELDS[kind]} of their own, which would hold instead of the"
            " pod's; remove it from them"
        )


def _require(spec: dict[str, Any], expression: dict[str, Any]) -> None:
    """Add a condition on the node; terms are alternatives, so it goes into each."""
    node = spec.setdefault("affinity", {}).setdefault("nodeAffinity", {})
    required = node.setdefault("requiredDuringSchedulingIgnoredDuringExecution", {})
    for term in required.setdefault("nodeSelectorTerms", [{}]):
        term.setdefault("matchExpressions", []).append(expression)
