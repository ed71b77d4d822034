"""Kubernetes resources use API versions that the cluster's target version serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.facts.apis import OldApi, OldApis
from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.plain import UNKNOWN
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.versions.version import Minor, minor_text, minors_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource

RELEASE = "kubernetes:helm.sh/v3:Release"


def is_kubernetes(token: str) -> bool:
    """Tell whether a type is a Kubernetes resource or holds some: not a component such as a chart, nor a provider."""
    return token.startswith("kubernetes:") and not token.startswith(
        ("kubernetes:helm.sh/v4:", "kubernetes:yaml")
    )


def api_and_kind(resource: Resource) -> tuple[str, str] | None:
    """Return a resource's API version and kind, from its properties or else its type; None when they are not known."""
    _, module, type_kind = resource.type.split(":", 2)
    api, kind = (
        resource.props.get("apiVersion", module.removeprefix("core/")),
        resource.props.get("kind", type_kind),
    )
    if api is UNKNOWN or kind is UNKNOWN:
        return None
    return str(api), str(kind)


def check_removed(resource: Resource, context: Context, _params: Params) -> Iterator[Finding]:
    """Refuse an API version that the target version does not serve."""
    if resource.type == RELEASE:
        yield Finding(
            f"{resource.name}: what is inside a helm.v3.Release cannot be seen; use helm.v4.Chart",
            unknown=True,
        )
        return
    found = api_and_kind(resource)
    target = context.target()
    if found is None:
        yield Finding(f"{resource.name}: apiVersion or kind is not known yet", unknown=True)
    elif old := OldApis.load().find(*found):
        if target is None:
            text = f"{found[0]} {found[1]} is deprecated, and the cluster's version is not known, so it cannot be judged"
            yield Finding(text, unknown=True)
        elif gone(old, target.minor):
            yield Finding(
                f"{found[1]} {_name(resource)}: {found[0]} is not served by Kubernetes {target} (removed in "
                f"{_text(old.removed)}); {old.use(target.minor)}"
            )


def check_deprecated(resource: Resource, context: Context, _params: Params) -> Iterator[Finding]:
    """Warn about an API version that is deprecated in the target version."""
    found = api_and_kind(resource)
    target = context.target()
    old = OldApis.load().find(*found) if found and resource.type != RELEASE else None
    if found and old and target and old.deprecated <= target.minor and not gone(old, target.minor):
        yield Finding(
            f"{found[1]} {_name(resource)}: {found[0]} is deprecated{_left(old, target.minor)}; {old.use(target.minor)}"
        )


def gone(old: OldApi, target: Minor) -> bool:
    """Tell whether a minor no longer serves it."""
    return old.removed is not None and old.removed <= target


def _left(old: OldApi, target: Minor) -> str:
    if old.removed is None:
        return " (no removal is planned)"
    count = minors_between(target, old.removed)
    return f" and leaves with {minor_text(old.removed)}, {count} minor{'s' if count > 1 else ''} from {minor_text(target)}"


def _text(minor: Minor | None) -> str:
    return minor_text(minor) if minor else "no release"


def _name(resource: Resource) -> str:
    return resource.names[-1]


REMOVED = Rule(
    id="removed-api",
    title="Kubernetes resources use API versions that the cluster's target version serves.",
    level="mandatory",
    severity="high",
    why="After the upgrade the resource cannot be read or changed any more under that version, and AKS refuses the upgrade while it is used.",
    remedy="Write the API version named in the message, on the version the cluster runs now, before the upgrade.",
    applies=is_kubernetes,
    check=check_removed,
)
DEPRECATED = Rule(
    id="deprecated-api",
    title="Kubernetes resources use no API version that is on its way out.",
    level="advisory",
    why="A deprecated API version leaves with a later minor; the change is easier before it blocks an upgrade.",
    remedy="Write the API version named in the message.",
    applies=is_kubernetes,
    check=check_deprecated,
)
