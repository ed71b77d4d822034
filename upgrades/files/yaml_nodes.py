"""The nodes of a stack file: read with their places in the text, found by key."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning, YAMLError
from secure_aks_lifecycle import regular_file

from upgrades.model.clusters import CONTROL_PLANE

if TYPE_CHECKING:
    from pathlib import Path


CONFIG, CLUSTER, SYSTEM, POOLS = "config", "secure-aks:cluster", "secure-aks:systemPool", "secure-aks:pools"
CLUSTERS = "secure-aks:clusters"


class EditError(Exception):
    """A stack file that cannot be edited; the message names the file, the place, and what to do."""


def read_nodes(path: Path) -> tuple[str, Any]:
    """Return a stack file's text, its line ends as they are, and its root node. Raises EditError."""
    try:
        text = regular_file.text(path)
    except OSError as error:
        raise EditError(f"{path.name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise EditError(f"{path.name}: is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    return text, composed(path.name, text)


def composed(name: str, text: str) -> Any:
    """Return the root node of a text. Raises EditError, which names the file and the line, when it is not YAML."""
    try:
        reader: Any = YAML()  # its compose() carries no types
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # allowed, and each alias means the nearest
            return reader.compose(text)
    except (YAMLError, ValueError) as error:
        raise not_yaml(name, text, error) from None


def not_yaml(name: str, text: str, error: Exception) -> EditError:
    """Return what to tell of a file that a reader of YAML does not take. Pulumi's takes tabs between words, which this one does not."""
    place = getattr(error, "problem_mark", None)
    if place is None:
        return EditError(f"{name}: is not YAML; mend it first")
    line = text.split("\n")[place.line : place.line + 1]
    why = "has a tab; write spaces" if line and "\t" in line[0] else "is not YAML; mend it first"
    return EditError(f"{name}: line {place.line + 1}: {why}")


def version_node(path: Path, root: Any, target: str, further: str = "") -> Any:
    """Return the node of the version of a pool or the control plane, of a `further` cluster where one is named.

    Raises EditError when there is none.
    """
    config = value_of(root, CONFIG)
    if further:
        return _further_node(path, config, target, further)
    if target == CONTROL_PLANE:
        return _scalar(
            path, value_of(value_of(config, CLUSTER), "kubernetesVersion"), f"{CLUSTER}.kubernetesVersion"
        )
    pools = value_of(config, POOLS)
    items: list[Any] = [value_of(config, SYSTEM), *(pools.value if is_kind(pools, "sequence") else ())]
    for item in items:
        name = value_of(item, "name")
        if is_kind(name, "scalar") and name.value == target:
            return _scalar(path, value_of(item, "version"), f"the version of pool {target}")
    raise EditError(f"{path.name}: has no pool '{target}'; check the name, or make the plan again")


def _further_node(path: Path, config: Any, target: str, further: str) -> Any:
    where = f"{CLUSTERS}.{further}"
    said = value_of(value_of(config, CLUSTERS), further)
    if target == CONTROL_PLANE:
        node = value_of(value_of(said, "cluster"), "kubernetesVersion")
        return _scalar(path, node, f"{where}.cluster.kubernetesVersion")
    system = value_of(value_of(config, SYSTEM), "name")
    if is_kind(system, "scalar") and system.value == target:
        return _scalar(path, value_of(value_of(said, "systemPool"), "version"), f"{where}.systemPool.version")
    return _scalar(path, value_of(value_of(said, "poolVersions"), target), f"{where}.poolVersions.{target}")


def _scalar(path: Path, node: Any, what: str) -> Any:
    if is_kind(node, "scalar"):
        return node
    raise EditError(f"{path.name}: does not say {what}; write it in full, as x.y.z")


def value_of(node: Any, key: str) -> Any:
    """Return the value node of a key, one that a merge (<<) brings included; None when there is no such key."""
    items: list[tuple[Any, Any]] = node.value if is_kind(node, "mapping") else []
    found = next((value for name, value in items if name.value == key), None)
    if found is not None:
        return found
    for name, value in items:
        if name.value == "<<":
            merged = value.value if is_kind(value, "sequence") else [value]
            found = next((inner for one in merged if (inner := value_of(one, key)) is not None), None)
            if found is not None:
                return found
    return None


def is_kind(node: Any, kind: str) -> bool:
    """Tell a node's kind; ruamel's nodes carry no types, only this name."""
    return node is not None and node.id == kind
