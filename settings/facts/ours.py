"""Which of Azure's properties this project sets itself, and by what; `extra` may name none of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from settings.azure_words import marked
from settings.facts.azure_api import Resource
from settings.facts.data_files import read
from settings.sections.cluster import Cluster
from settings.sections.pools import Pool


@dataclass(frozen=True)
class Ours:
    """A property that is ours: `setting` says it, or it is fixed for the reason in `why`."""

    path: str
    setting: str = ""
    why: str = ""

    @property
    def section(self) -> str:
        """The key of a cluster or a pool under which the setting stands; empty where there is none."""
        return self.setting.partition(".")[2].partition(".")[0].partition("[")[0]


@cache
def ours(resource: Resource) -> Mapping[str, Ours]:
    """Return what is ours of a resource, by its dotted path in lower case: Azure tells no case of an add-on's name."""
    said = {path: Ours(path, **one) for path, one in read("ours")[resource].items()}
    return {path.lower(): one for path, one in {**_by_marks(resource), **said}.items()}


@cache
def optional(resource: Resource) -> frozenset[str]:
    """Return the keys of a stack file without which nothing is sent: what an adopted cluster has of theirs, its `extra` may say."""
    sections = {"cluster": Cluster, "pool": Pool}
    if resource not in sections:
        return frozenset()
    named = {setting.partition(".")[0].partition("[")[0] for setting, _ in marked(sections[resource])}
    return frozenset(named - {"addons"})


def _by_marks(resource: Resource) -> Mapping[str, Ours]:
    """Return what settings say by their marks: lists and mappings whole, so that no item of theirs is added to."""
    sections = {"cluster": (Cluster, "cluster."), "pool": (Pool, ".")}
    if resource not in sections:
        return {}
    model, place = sections[resource]
    found = {azure.partition("[]")[0].partition(".<")[0]: setting for setting, azure in marked(model, place)}
    return {
        path: Ours(path, setting.partition("[]")[0].partition(".<")[0]) for path, setting in found.items()
    }


def owner(resource: Resource, path: str) -> Ours | None:
    """Return what is ours at a dotted path: the property itself, one that it is part of, or one that is part of it."""
    known, wanted = ours(resource), path.lower()
    around = wanted
    while around:
        if around in known:
            return known[around]
        around = around.rpartition(".")[0]
    return next((found for name, found in known.items() if name.startswith(f"{wanted}.")), None)


def absent(name: str) -> str | None:
    """Return why there is nothing of a name that people ask for, in any spelling of it; None for any other name."""
    return next(
        (one["why"] for one in read("ours")["absent"] if _plain(name) in map(_plain, one["names"])), None
    )


def _plain(name: str) -> str:
    """Return a name as its letters alone: people write `image_integrity` too."""
    return name.replace("_", "").replace("-", "").lower()


def refused_by_name() -> Mapping[str, tuple[str, str]]:
    """Return what people ask for and find nowhere, by its title, with the reason and where that was read."""
    return {one["title"]: (one["why"], one["source"]) for one in read("ours")["absent"] if "title" in one}


def add_ons() -> tuple[str, ...]:
    """Return the add-ons that an `extra` may switch on."""
    return tuple(read("ours")["addOns"])
