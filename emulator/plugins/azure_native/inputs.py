"""Inputs of azure-native: names made up, what is missing, what replaces, and the body of a PUT."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.azure import ids
from emulator.plugins.base import CheckFailure
from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, ResourceType
    from emulator.cloud.cloud import Cloud

HYPHENATED = frozenset({"autoScalerProfile"})
_INDEX = re.compile(r"\[\d+\]")


def with_name(kind: ResourceType, urn: str, olds: Props, news: Props, cloud: Cloud) -> Props:
    """Return the inputs with a name: the given one, the last one, or one made up from the logical name.

    The random part of a made-up name is the same for the same URN as long as nothing else has that name.
    """
    key, logical = kind.name_parameter, urn.rsplit("::", 1)[-1]
    if news.get(key) is not None:
        return dict(news)
    if olds.get(key) is not None:
        return news | {key: olds[key]}
    if kind.naming == "copy":
        return news | {key: logical}
    taken = {r.name for r in cloud.view().of_type(kind.arm_type)}
    attempt = 0
    while True:
        seed = f"{urn}#{attempt}"
        name = ids.guid(seed) if kind.naming == "uuid" else logical + ids.short_hash(seed)
        if name not in taken:
            return news | {key: name}
        attempt += 1


def missing(kind: ResourceType, news: Props) -> list[CheckFailure]:
    """Find required inputs that are not there."""
    needed = [*ids.parameters(kind.path), *kind.required]
    return [
        CheckFailure(n, f"missing required property '{n}'")
        for n in dict.fromkeys(needed)
        if news.get(n) is None
    ]


def body(kind: ResourceType, values: Props) -> Props:
    """Return the body of a PUT: the inputs that the id does not say, plus those that are outputs too."""
    in_path = set(ids.parameters(kind.path)) - {"scope", "name"}
    return {
        k: {hyphenated(name): said for name, said in v.items()} if k in HYPHENATED and is_object(v) else v
        for k, v in values.items()
        if k not in in_path and v is not None
    }


def hyphenated(name: str) -> str:
    """Return a name as REST has it: azure-native has no hyphens, and Azure has them in the autoscaler's profile alone."""
    return re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)


def plain(path: str) -> str:
    """Return the top-level input of a property path."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def forces_new(kind: ResourceType, path: str) -> bool:
    """Say whether a change at this path replaces the resource."""
    at = _INDEX.sub("[]", path)
    return plain(path) in ids.parameters(kind.path) or any(
        at == forced or at.startswith((forced + ".", forced + "[")) for forced in kind.force_new
    )


def same_place(old: Any, new: Any) -> bool:
    """Say whether two spellings mean one region: "West Europe" is westeurope."""
    both = {ids.region_of({"location": one}) if isinstance(one, str) else "" for one in (old, new)}
    return len(both) == 1 and "" not in both


def drifted(said: Any, live: Any) -> Any:
    """Return an input as it is in Azure now; only what the input says is compared.

    Elements that a list has gained are taken whole, as azure-native does on refresh.
    """
    if is_object(said) and is_object(live):
        return {k: drifted(v, live[k]) if k in live else v for k, v in said.items()}
    if is_list(said) and is_list(live):
        kept = [drifted(s, v) for s, v in zip(said, live, strict=False)]
        return kept + live[len(said) :]
    if is_list(said) and is_object(live):  # identities: a list on the way in, a map on the way out
        return said if {str(s) for s in said} == set(live) else list(live)
    return said if same_place(said, live) or said == live else live
