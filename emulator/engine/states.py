"""What stands in the states of the lab's backend, read without the engine.

The shape is that of `VersionedCheckpoint` and `ResourceV3` in github.com/pulumi/pulumi/sdk/v3/go/common/apitype, and what is
asked of the resources is what `VerifyIntegrity` in github.com/pulumi/pulumi/pkg/v3/resource/deploy does.
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from emulator.cloud import file as cloud_file
from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_VERSIONS = (3, 4)
"""The versions of a state that the engine reads as it wrote them; one without a version it takes for an empty one."""
_RESOURCE = {
    "urn": str, "type": str, "id": str, "parent": str, "provider": str, "custom": bool, "delete": bool,
    "external": bool, "protect": bool, "inputs": dict, "outputs": dict, "dependencies": list,
    "propertyDependencies": dict, "additionalSecretOutputs": list, "aliases": list, "initErrors": list,
    "deletedWith": str, "replaceWith": list,
}  # fmt: skip
"""What the members of a resource are; the engine reads `null` as nothing at all and goes on."""


def look_whole(backend: Path) -> None:
    """Look at the states of a backend: the engine takes some that are damaged for empty, and ends over others in a panic.

    Raises FileError, naming the file, what is wrong and the newest whole backup.
    """
    for path in _states(backend):
        why = _wrong(path)
        if not why:
            continue
        name, stack = path.parent.name, path.stem
        older = (backend / ".pulumi" / "backups" / name / stack).glob("*.json")
        backup = next((one for one in sorted(older, reverse=True) if not _wrong(one)), None)
        anew = f"delete {shlex.quote(str(backend.parent))} to start the lab anew"
        back = f"put its newest backup back: cp {shlex.quote(str(backup))} {shlex.quote(str(path))}"
        way = back if backup else anew
        raise cloud_file.FileError(f"{path}: is no state of a stack ({why}); {way}")


def with_an_inside(backend: Path) -> list[str]:
    """Return the stacks that are up inside a cluster. Without a control plane their states lead to no API server: on a later one not even `destroy` would do."""
    return [state.stem for state in _states(backend) if _has_inside(state)]


def is_up(backend: Path, stack: str) -> bool:
    """Tell whether a state of a stack has resources. Raises FileError."""
    kept = [path for path in _states(backend) if path.stem == stack]
    return any(b'"urn:pulumi:' in (cloud_file.read(path) or b"") for path in kept)


def has_state(backend: Path, stack: str) -> bool:
    """Tell whether a stack was made here: one that is gone is made anew."""
    names = {f"{stack}.json", f"{stack}.json.gz"}
    return any(path.name in names for path in backend.glob(".pulumi/stacks/*/*"))


def _states(backend: Path) -> list[Path]:
    return sorted(backend.glob(".pulumi/stacks/*/*.json"))


def _has_inside(state: Path) -> bool:
    """Whether a state has a provider of Kubernetes; one that cannot be read is `look_whole`'s to tell of."""
    try:
        latest = json.loads(cloud_file.read(state) or b"")["checkpoint"]["latest"]
        return any(resource["type"] == "pulumi:providers:kubernetes" for resource in latest["resources"])
    except (cloud_file.FileError, ValueError, LookupError, TypeError, RecursionError):
        return False


def _wrong(path: Path) -> str:
    """Return what is wrong with a state, nothing for a whole one. Raises FileError for one that cannot be read."""
    data = cloud_file.read(path)
    if data is None:
        return ""
    try:
        state: object = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        return " ".join(str(error).split())
    return _place(state)


def _place(state: object) -> str:
    """Return the first place of another shape."""
    if not is_object(state):
        return "it is no JSON object"
    version = state.get("version")
    if type(version) is not int or version not in _VERSIONS:
        return f"version: it has to be one of {', '.join(map(str, _VERSIONS))}"
    place, latest = "", state
    for key in ("checkpoint", "latest"):
        place, latest = f"{place}{key}", latest.get(key)
        if not is_object(latest):
            return f"{place}: it has to be an object"
        place += "."
    keeper: Any = latest.get("secrets_providers")
    if not is_object(keeper) or not isinstance(keeper.get("type"), str) or not is_object(keeper.get("state")):
        return f"{place}secrets_providers: it has to name what keeps the secrets"
    resources: object = latest.get("resources", [])
    if not is_list(resources):
        return f"{place}resources: it has to be a list"
    return _resources(f"{place}resources", resources)


def _resources(place: str, resources: list[Any]) -> str:
    """Return the first resource of another shape, or one that names another which is not before it, as the engine asks of a snapshot."""
    known: dict[str, bool] = {}
    providers: set[str] = set()
    for i, resource in enumerate(resources):
        here = f"{place}[{i}]"
        if wrong := _shape(resource):
            return f"{here}{wrong}"
        urn, provider = resource["urn"], resource.get("provider", "")
        if provider and provider not in providers and not resource.get("pendingReplacement"):
            return f"{here}.provider: no resource before it is this provider"
        for key, others in _named(resource):
            if not all(isinstance(other, str) and (not other or other in known) for other in others):
                return f"{here}.{key}: it names a resource that is not before it"
        if known.get(urn) and not resource.get("delete"):
            return f"{here}.urn: a resource before it has the same"
        known[urn] = known.get(urn, False) or not resource.get("delete")
        if resource["type"].startswith("pulumi:providers:"):
            providers.add(f"{urn}::{resource.get('id', '')}")
    return ""


def _shape(resource: object) -> str:
    if not is_object(resource):
        return ": it has to be an object"
    for key, kind in _RESOURCE.items():
        if key in resource and type(resource[key]) is not kind:
            return f".{key}: it has another shape"
    if not all(resource.get(key) for key in ("urn", "type")) or not resource["urn"].startswith("urn:pulumi:"):
        return ".urn: it has to name the resource, and its type"
    return ""


def _named(resource: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the other resources that a resource names."""
    for key in ("parent", "deletedWith"):
        yield key, [resource.get(key, "")]
    for key in ("dependencies", "replaceWith"):
        yield key, resource.get(key, [])
    for others in resource.get("propertyDependencies", {}).values():
        yield "propertyDependencies", others if is_list(others) else [others or ""]
