"""The stack file, made until the program declares what is there: what is kept for life and what has no setting goes back into it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, cast

from secure_aks_security.judging.resources import Resource

from settings.checks.draft import Context
from settings.facts.kept import kept_for_life
from settings.facts.ours import optional, owner
from settings.reading.assemble import assemble

from .compare import differences, undeclared
from .found import at
from .marked import with_marked
from .registered import CLUSTER, DEPLOYMENT, DryRunError, Registered
from .stack_file import PREFIX, config_of, pool_of, with_exemptions, with_kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from settings.checks.finding import Finding

    from .compare import Difference, Kind
    from .found import Asked, Found, Json

DAYS = 90
"""How long what was so before stays exempt: a quarter to mend it in."""
NEVER = frozenset({"cluster-break-glass"})
"""Rules that nothing is exempted from: without administrators nobody gets in once local accounts are off."""


_AUTOMATIC = (
    "sku.name: this is AKS Automatic, which chooses versions, pools and network by itself, as a stack file does here. Leave it out of "
    "the stacks: the packs, the admission policies and `upgrades check` work for it as it is (docs/in-parts.md)."
)
_NO_SYSTEM_POOL = (
    "agentPoolProfiles: no system pool is a scale set, and a stack has one. Add one (`az aks nodepool add --mode System`); the other pools "
    "stay as they are."
)
_WINDOWS = f"{PREFIX}maintenance."
_ELSEWHERE = {"resourceGroupName", "resourceName", "agentPoolProfiles"}
"""What an id says, and what is compared pool by pool."""


class Declare(Protocol):
    """What the program declares for a configuration; with `judged` what both packs say too."""

    def __call__(self, config: Json, *, judged: bool) -> Registered: ...


@dataclass(frozen=True)
class Draft:
    """A stack file's configuration, what the program declares for it, and how that differs from what is there."""

    config: Json
    registered: Registered
    differences: tuple[Difference, ...]
    exempted: tuple[Json, ...]
    refused: tuple[str, ...] = ()
    """Why it cannot be adopted; then the rest is as far as it got."""
    left: tuple[str, ...] = ()
    """What the settings would refuse and a stack can do without: it stays in Azure as it is, and out of the stack file."""


def draft(found: Found, asked: Asked, declare: Declare) -> Draft:
    """Return the stack file of a cluster. Raises DryRunError when the program does not run."""
    if at(found.cluster, "sku.name") == "Automatic":
        return Draft({}, Registered(), (), (), (_AUTOMATIC,))
    if not found.system_pool:
        return Draft({}, Registered(), (), (), (_NO_SYSTEM_POOL,))
    config, left = _without_windows(config_of(found, asked.environment, asked.administrators), asked)
    config, more_left = with_marked(config, found, lambda tried: _found(tried, asked.stack, asked.today))
    left = (*left, *more_left)
    config, refusals, exempted = _readable(config, asked.stack, asked.today)
    if refusals:
        return Draft(config, Registered(), (), tuple(exempted), tuple(refusals), left)
    config = _as_it_is(config, found, declare(config, judged=False))
    config, refusals, more = _readable(config, asked.stack, asked.today)
    if refusals:
        return Draft(config, Registered(), (), tuple(exempted), tuple(refusals), left)
    made = declare(config, judged=True)
    ours = [
        _exemption(one["policy"], _name(made, one, found.system_pool["name"]), asked.today)
        for one in made.verdicts
        if _liftable(one)
    ]
    unique = list({(one["rule"], one["resource"]["name"]): one for one in ours}.values())
    told = tuple(_all(found, made))
    replaced = tuple(_words(one) for one in told if one.risk.level == "replace")
    return Draft(with_exemptions(config, unique), made, told, (*exempted, *more, *unique), replaced, left)


def _without_windows(config: Json, asked: Asked) -> tuple[Json, tuple[str, ...]]:
    """Return the configuration without the maintenance windows that the settings refuse, and why they do."""
    windows: Json = dict(config[f"{PREFIX}maintenance"])
    wrong = {
        one.path.split(".")[1].partition("[")[0]: one
        for one in _found(config, asked.stack, asked.today)
        if one.path.startswith(_WINDOWS)
    }
    left = [
        f"the maintenance window `{name}`: {one.why}; it stays in Azure, and out of the stack file"
        for name, one in wrong.items()
        if windows.pop(name, None)
    ]
    return {**config, f"{PREFIX}maintenance": windows}, tuple(left)


def _readable(config: Json, stack: str, today: date) -> tuple[Json, list[str], list[Json]]:
    """Return the configuration that the settings take: what was so and an exemption may lift is exempt; and what they refuse."""
    found = _found(config, stack, today)
    lifted = [_exemption(one.rule, one.resource, today) for one in found if one.rule and one.resource]
    refused = [_told(one) for one in found if not (one.rule and one.resource)]
    return with_exemptions(config, lifted), refused, lifted


def _found(config: Json, stack: str, today: date) -> list[Finding]:
    """Return what the settings find wrong."""
    sections = {key.removeprefix(PREFIX): said for key, said in config.items() if key.startswith(PREFIX)}
    _, found = assemble(sections, config["azure-native:location"], Context(stack, today))
    return found


def _as_it_is(config: Json, found: Found, made: Registered) -> Json:
    """Put into the stack file what the program would make otherwise and cannot, and what no setting says."""
    config = deepcopy(config)
    cluster: Json = config[f"{PREFIX}cluster"]
    _keep(cluster, "cluster", made.cluster, found.as_resource)
    declared = made.pools()
    for pool in found.pools:
        name = str(pool["name"])
        _keep(pool_of(config, name), "pool", declared[name], pool["properties"])
    return config


def _keep(place: Json, kind: Kind, wanted: Json, there: Json) -> None:
    kept = kept_for_life(kind)
    for path, value in undeclared(kind, wanted, there):
        if _is_kept(path, kept):
            with_kept(place, "adopted", path, value)
        else:
            for name, part in _not_said(kind, path, value, place):
                with_kept(place, "extra", name, part)
    for one in differences(kind, "", wanted, there):
        if one.wanted is not None and (name := _is_kept(one.path, kept)) and name != "identity.type":
            # Null: the program sends nothing, as Azure was told nothing.
            with_kept(place, "adopted", one.path, one.there)


def _not_said(kind: Kind, path: str, value: Any, entry: Json) -> Iterator[tuple[str, Any]]:
    """Yield those parts of a value that no setting says: there is none, or it would have needed more than Azure tells."""
    found = owner(kind, path)
    if not found:
        yield path, value
    elif isinstance(value, dict) and found.path.lower().startswith(f"{path.lower()}."):
        for key, part in cast("Json", value).items():
            yield from _not_said(kind, f"{path}.{key}", part, entry)
    elif found.section in optional(kind) and found.section not in entry:
        yield path, value


def _is_kept(path: str, kept: Mapping[str, str]) -> str:
    return next((name for name in kept if path == name or path.startswith(f"{name}.")), "")


def _all(found: Found, made: Registered) -> list[Difference]:
    told = differences("cluster", found.name, made.cluster, found.as_resource)
    declared = made.pools()
    for pool in found.pools:
        told += differences("pool", str(pool["name"]), declared[str(pool["name"])], pool["properties"])
    return [one for one in told if one.path not in _ELSEWHERE]


def _exemption(rule: str, name: str, today: date) -> Json:
    return {
        "rule": rule,
        "resource": {"name": name},
        "reason": "it was so when the cluster was imported",
        "until": (today + timedelta(days=DAYS)).isoformat(),
    }


def _liftable(verdict: Mapping[str, Any]) -> bool:
    return verdict["level"] == "mandatory" and verdict["policy"] not in NEVER


def _name(made: Registered, verdict: Mapping[str, Any], system_pool: str) -> str:
    """Return the name by which the packs know what a verdict is about: Azure's, where it has one."""
    row = next((row for row in made.rows if row["urn"] == verdict["urn"]), None)
    logical = str(verdict["urn"]).rpartition("::")[2]
    if row and row["type"] in {CLUSTER, DEPLOYMENT} and str(verdict["policy"]).startswith("pool-"):
        return system_pool  # inline and in the template it is a pool, known by its own name
    return Resource(row["type"], row["urn"], logical, row["inputs"]).object_name if row else logical


def _told(finding: Finding) -> str:
    return f"{finding.path}: {finding.why}. {finding.remedy[0].upper()}{finding.remedy[1:]}."


def _words(one: Difference) -> str:
    return (
        f"{one.kind} {one.name}: {one.path} is {one.there!r} and would be {one.wanted!r}, which means a new {one.kind} "
        f"({one.risk.why}). Change it there first, or leave this {one.kind} out of the stack."
    )


__all__ = ["Draft", "DryRunError", "draft"]
