"""What a cluster or a pool that was made elsewhere keeps for life: that alone may stand against what is set here."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.checks.draft import Draft
from settings.checks.extra.taken import leaves
from settings.checks.extra.values import shape_findings
from settings.checks.finding import Finding
from settings.facts.azure_api import Resource
from settings.facts.kept import kept_for_life
from settings.words import listed

IDENTITY = "SystemAssigned"
"""The one identity that is kept here: a user-assigned one is named by `cluster.identity`."""


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what of an `adopted` could be changed in place, and so has no business there, or is no value of Azure's."""
    if draft.cluster:
        path = "secure-aks:cluster.adopted"
        yield from _findings(path, "cluster", draft.cluster.adopted)
        yield from _identity(path, draft.cluster.adopted, draft.cluster.identity)
        yield from _password(path, draft.cluster.adopted)
    for path, pool in draft.pools.items():
        yield from _findings(f"{path}.adopted", "pool", pool.adopted)


def _findings(path: str, resource: Resource, adopted: Mapping[str, Any]) -> Iterator[Finding]:
    allowed = kept_for_life(resource)
    for name, value in leaves(adopted):
        if not any(name == one or name.startswith(f"{one}.") for one in allowed):
            why = f"{name} is nothing that Azure sets once and this program sets otherwise"
            yield Finding(
                f"{path}.{name}",
                why,
                f"remove it; a {resource} that was made elsewhere keeps {listed(allowed)}",
            )
        elif value is not None:
            yield from shape_findings(path, resource, _nested(name, value))


def _identity(path: str, adopted: Mapping[str, Any], named: str | None) -> Iterator[Finding]:
    if "identity" not in adopted:
        return
    if adopted["identity"] != {"type": IDENTITY}:
        why = "a system-assigned identity alone is kept this way"
        yield Finding(
            f"{path}.identity",
            why,
            f"write `identity: {{type: {IDENTITY}}}`, or `identity` under secure-aks:cluster",
        )
    if named:
        yield Finding(f"{path}.identity", "secure-aks:cluster.identity names another", "remove one of them")


def _password(path: str, adopted: Mapping[str, Any]) -> Iterator[Finding]:
    for name, _ in leaves(adopted):
        if name == "windowsProfile.adminPassword":
            why = "a password in a file is known to all who read it, and Azure keeps the one that is there"
            yield Finding(f"{path}.{name}", why, "remove it")


def _nested(name: str, value: Any) -> dict[str, Any]:
    first, _, rest = name.partition(".")
    return {first: _nested(rest, value) if rest else value}
