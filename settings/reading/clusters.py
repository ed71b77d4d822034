"""The further clusters of a stack: each the first one, with the few sections of its own laid over it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from pydantic import ValidationError
from secure_aks_lifecycle.stack.layers import over

from settings.checks import clusters as checks
from settings.checks.cluster import cloud
from settings.checks.draft import Context
from settings.checks.finding import MOST, Finding
from settings.cluster_names import NAME
from settings.existing import is_existing, list_of, mapping
from settings.reading import tenants
from settings.reading.assemble import assemble
from settings.reading.explain import explained
from settings.reading.layer_keys import CLUSTERS
from settings.reading.source import PROJECT
from settings.sections.stack import OF_EACH_CLUSTER as SECTIONS
from settings.sections.stack import StackSettings
from settings.words import did_you_mean, named_kind

LOCATION = "azure-native:location"
PREFIX = f"{PROJECT}:"
POOL_VERSIONS = "poolVersions"
"""The version of each item of `pools` in a further cluster, by the pool's name: the list itself is the first one's."""
POOL_SUBNETS = "poolSubnets"
"""The range of a pool's subnet in a further cluster, by the pool's name: a range of the first one's network is no range of this one's."""
OF_POOLS = {POOL_VERSIONS: "version", POOL_SUBNETS: "subnet"}
"""What a further cluster says of each pool, by the key that says it, and how an item of `pools` calls it."""
_THERE = "a cluster that is there already is the only one of its stack"
MOST_CLUSTERS = 10
"""Further clusters of one stack; an `up` holds all of them, so whoever has more has several stacks."""


def with_clusters(
    sections: Mapping[str, Any],
    config: Mapping[str, Any],
    context: Context,
    itself: Mapping[str, Any] | None = None,
) -> tuple[StackSettings | None, list[Finding]]:
    """Return the settings of a stack with those of its further clusters, or None and all that is wrong.

    `sections` are the first cluster's, `config` the whole configuration by full key, `itself` what the stack file says of its own
    (as `assemble` takes it).
    """
    location, said = config.get(LOCATION), config.get(f"{PREFIX}{CLUSTERS}")
    context = replace(context, clusters=_ranges(said))
    own_teams = tenants.own_clusters(sections, said)
    first = tenants.part_of(sections, own_teams)
    settings, wrong = _assembled(first, location, context, itself)
    if not is_existing(sections) and (
        elsewhere := list(cloud.asked(location, config.get(cloud.ENVIRONMENT)))
    ):
        settings, wrong = None, [*elsewhere, *wrong]
    if said is None:
        return settings, wrong
    wrong += tenants.met(sections, own_teams)
    if is_existing(sections):
        remedy = "give each cluster a stack of its own"
        return None, [*wrong, Finding(f"{PREFIX}{CLUSTERS}", _THERE, remedy)]
    own = list(_shape(said, [str(mapping(pool).get("name")) for pool in list_of(sections.get("pools"))]))
    further, parts = dict[str, StackSettings](), [first]
    known = {(found.path, found.why) for found in wrong}
    if not own:
        for name, overlay in cast("dict[str, dict[str, Any]]", said).items():
            seen = view_of(sections, overlay)
            if is_existing(seen):
                place = f"{PREFIX}{CLUSTERS}.{name}.cluster.existing"
                own.append(Finding(place, _THERE, "give that cluster a stack of its own"))
                continue
            part = tenants.part_of(seen, own_teams, name, mapping(overlay.get(POOL_VERSIONS)))
            parts.append(part)
            view, found = _assembled(part, location, context)
            own += [
                replace(one, path=place_of(name, one.path, overlay, sections))
                for one in found
                if (one.path, one.why) not in known
            ]
            if view is not None:
                further[name] = view.in_places(part.places)
    if settings is not None and not own:
        own = list(
            checks.check(settings, further, cast("dict[str, dict[str, Any]]", said), own_teams, context.stack)
        )
        settings = settings.with_further(further)
        if own_teams:
            settings, unread = _with_lists(settings, sections)
            told = {found.path for found in wrong}
            own += [*tenants.idle(sections, parts), *(one for one in unread if one.path not in told)]
    wrong = [*wrong, *own][:MOST]
    return (None, wrong) if wrong else (settings, [])


def _with_lists(
    settings: StackSettings, sections: Mapping[str, Any]
) -> tuple[StackSettings | None, list[Finding]]:
    """Return the settings with the lists as the file has them: items that no cluster has are read nowhere else."""
    said = {**sections, "location": settings.location}
    try:
        whole = StackSettings.model_validate(said, by_alias=True, by_name=False)
    except ValidationError as error:
        return None, list(explained(error))
    return settings.with_further(settings.further, {"teams": whole.teams, "pools": whole.pools}), []


def _assembled(
    part: tenants.Part, location: Any, context: Context, itself: Mapping[str, Any] | None = None
) -> tuple[StackSettings | None, list[Finding]]:
    settings, wrong = assemble(part.sections, location, replace(context, elsewhere=part.elsewhere), itself)
    return settings, [part.placed(finding) for finding in wrong]


def _ranges(said: Any) -> dict[str, str]:
    """Return the names of the further clusters with the ranges of their networks."""
    return {
        name: str(mapping(mapping(overlay).get("network")).get("addressSpace", ""))
        for name, overlay in mapping(said).items()
    }


def view_of(sections: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """Return all sections of a further cluster: the first one's with its own laid over them."""
    own = {name: value for name, value in overlay.items() if name not in OF_POOLS}
    view = cast("dict[str, Any]", over(own, dict(sections)))
    if isinstance(view.get("pools"), list):
        view["pools"] = [
            {key: value for key, value in mapping(pool).items() if key != "subnet"} | of_pool(pool, overlay)
            if isinstance(pool, dict)
            else pool
            for pool in list_of(view["pools"])
        ]
    return view


def of_pool(pool: Any, overlay: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a further cluster says of an item of `pools`."""
    name = mapping(pool).get("name")
    said = {key: mapping(overlay.get(section)) for section, key in OF_POOLS.items()}
    return {key: by[name] for key, by in said.items() if isinstance(name, str) and name in by}


def place_of(name: str, path: str, overlay: Mapping[str, Any], sections: Mapping[str, Any]) -> str:
    """Return where a further cluster says what stands at a path of its view, such as `secure-aks:pools[1].version`."""
    pool = re.fullmatch(rf"{PREFIX}pools\[([0-9]+)\]\.({'|'.join(OF_POOLS.values())})", path)
    if pool:
        item = list_of(sections.get("pools"))[int(pool[1])]
        if pool[2] in of_pool(item, overlay):
            section = next(section for section, key in OF_POOLS.items() if key == pool[2])
            return f"{PREFIX}{CLUSTERS}.{name}.{section}.{mapping(item)['name']}"
    if not path.startswith((*(f"{PREFIX}{section}" for section in SECTIONS), f"{PREFIX}pools")):
        return path
    return f"{PREFIX}{CLUSTERS}.{name}.{path.removeprefix(PREFIX)}"


def _shape(said: Any, pools: list[str]) -> Iterator[Finding]:
    """Yield what is wrong with the mapping as such, before anybody asks what it means."""
    path = f"{PREFIX}{CLUSTERS}"
    if not isinstance(said, dict):
        remedy = "write the name of each further cluster, and below it what it has otherwise than the first"
        yield Finding(path, f"it is {named_kind(said)}", remedy)
        return
    clusters = cast("dict[str, Any]", said)
    if len(clusters) > MOST_CLUSTERS:
        yield Finding(
            path, f"it has {len(clusters)} clusters, and {MOST_CLUSTERS} are the most", "make a second stack"
        )
    for name, overlay in clusters.items():
        place = f"{path}.{name}"
        if not NAME.fullmatch(name):
            remedy = "write up to 20 small letters, digits and hyphens, a letter first"
            yield Finding(place, f"{name!r} is no name of a cluster in a stack", remedy)
        if not isinstance(overlay, dict):
            remedy = (
                f"write below it what it has otherwise than the first: {', '.join((*SECTIONS, *OF_POOLS))}"
            )
            yield Finding(place, f"it is {named_kind(overlay)}", remedy)
            continue
        for key in cast("dict[str, Any]", overlay):
            if key not in {*SECTIONS, *OF_POOLS}:
                yield _foreign(place, key)
        for section, key in OF_POOLS.items():
            yield from _by_pool(f"{place}.{section}", key, mapping(overlay).get(section), pools)


def _foreign(place: str, key: str) -> Finding:
    if key in {field.alias or name for name, field in StackSettings.model_fields.items()}:
        why = f"{key} is the same in all clusters of a stack"
        remedy = f"write it once as `secure-aks:{key}`; or give the cluster a stack of its own"
        return Finding(f"{place}.{key}", why, remedy)
    return Finding(f"{place}.{key}", "there is no such key", did_you_mean(key, [*SECTIONS, *OF_POOLS]))


def _by_pool(place: str, key: str, said: Any, pools: list[str]) -> Iterator[Finding]:
    if said is not None and not isinstance(said, dict):
        remedy = f"write a mapping, a pool's name and its {key} in each line"
        yield Finding(place, f"it is {named_kind(said)}", remedy)
    for name in mapping(said):
        if name not in pools:
            yield Finding(
                f"{place}.{name}", f"no pool of `pools` is called {name!r}", did_you_mean(name, pools)
            )
