"""Whether an `extra` names what this project sets itself: then one of the two would be undone, and nobody told which."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from settings.checks.finding import Finding
from settings.facts.azure_api import Resource
from settings.facts.ours import Ours, optional, owner
from settings.words import listed

Said = set[str] | None
_AUTOMATIC = ("sku.name", "kind")


def taken_findings(
    path: str, resource: Resource, extra: Mapping[str, Any], said: Said = None
) -> Iterator[Finding]:
    """Yield every property of an `extra` that is ours, whatever value it has.

    In a cluster that was made elsewhere, which says the keys `said`, it is not while the key is not there that would say it.
    """
    lacking = optional(resource) - said if said is not None else frozenset[str]()
    for name, value in leaves(extra):
        found = owner(resource, name)
        if not found or found.section in lacking:
            continue
        if value == {}:
            yield Finding(
                f"{path}.{name}", "it says nothing", "remove it, or name the property that is meant"
            )
        elif found.setting:
            yield _said_elsewhere(path, name, found)
        else:
            why = f"{found.path} is the same for every cluster here: {found.why}"
            remedy = "remove it" if resource != "cluster" or found.path not in _AUTOMATIC else _automatic()
            yield Finding(f"{path}.{name}", why, remedy)


def leaves(values: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what an `extra` sets, by dotted path: a list is one value, and so is a mapping with nothing in it."""
    for name, value in values.items():
        path = f"{place}{name}"
        if isinstance(value, dict) and value:
            yield from leaves(cast("dict[str, Any]", value), f"{path}.")
        else:
            yield path, value


def _said_elsewhere(path: str, name: str, found: Ours) -> Finding:
    place = path.removesuffix(".extra") + found.setting if found.setting.startswith(".") else found.setting
    place = place if ":" in place else f"secure-aks:{place}"
    why = f"{found.path} follows from `{place}`, and said twice one of the two would be undone"
    return Finding(f"{path}.{name}", why, f"remove it, and write {listed([place])}")


def _automatic() -> str:
    return "remove it; a cluster of AKS Automatic is made beside this program, and judged by its policy packs alone"
