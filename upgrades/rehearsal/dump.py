"""What `kubectl get -A -o json` printed of a cluster, read for a rehearsal: only what drains depend on is kept.

Secrets, ConfigMaps and every other kind are dropped where the text is read; of a pod neither environment nor command is kept.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from upgrades.model.clusters import Pool
from upgrades.observe.cluster.nodes import nodes
from upgrades.observe.cluster.pods import pods
from upgrades.observe.cluster.webhooks import of_evictions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from upgrades.model.workloads import Node, Pod

Json = dict[str, Any]

HOOKS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
PATHS = {
    "Node": "/api/v1/nodes",
    "Pod": "/api/v1/pods",
    "PersistentVolume": "/api/v1/persistentvolumes",
    "PersistentVolumeClaim": "/api/v1/persistentvolumeclaims",
    "PodDisruptionBudget": "/apis/policy/v1/poddisruptionbudgets",
    "ReplicaSet": "/apis/apps/v1/replicasets",
    "StatefulSet": "/apis/apps/v1/statefulsets",
    **{kind: f"/apis/admissionregistration.k8s.io/v1/{kind.lower()}s" for kind in HOOKS},
}
"""The kinds that are kept, each with the collection in which an API server has it."""
WHOLE = {"Node", "PersistentVolume", *HOOKS}
"""The kinds that have no namespace."""
NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
"""A name of Kubernetes's (RFC 1123): of anything else no API server knows, and no path is made."""
_SHOWN = 60
COMMAND = (
    "kubectl get nodes,pods,pdb,pv,pvc,replicasets,statefulsets,"
    "validatingwebhookconfigurations,mutatingwebhookconfigurations -A -o json > cluster.json"
)


class DumpError(ValueError):
    """A text that is no dump of a cluster; the message says what is missing, and the command that prints it."""


class Dump:
    """The objects of a cluster by kind. Answers like a reader of an API server, so that the gates' own reading applies."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """Read lists and single objects, one after another in each text; a text comes with its name. Raises DumpError."""
        self.kinds: dict[str, list[Json]] = defaultdict(list)
        self.dropped = 0
        known: set[tuple[str, str, str]] = set()
        for name, text in texts:
            for item in _objects(name, text):
                kind = str(item.get("kind"))
                if kind not in PATHS:
                    self.dropped += 1
                    continue
                key = _key(name, kind, item)
                if key not in known:
                    known.add(key)
                    self.kinds[kind].append({"spec": {}, "status": {}, **item})
        missing = [kind for kind in ("Node", "Pod") if not self.kinds[kind]]
        if missing:
            raise DumpError(
                f"the dump holds no {' and no '.join(missing)}, so there is nothing to drain; print it anew: {COMMAND}"
            )

    def items(self, path: str) -> list[Json]:
        """Return the objects of a collection, as `ApiReader.items` does."""
        return self.kinds[next(kind for kind, one in PATHS.items() if one == path)]

    @property
    def nodes(self) -> list[Node]:
        """The nodes. Raises DumpError for one that is none."""
        try:
            return list(nodes(self))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise DumpError(
                f"a node of the dump is not as kubectl prints one; print it anew: {COMMAND}"
            ) from None

    @property
    def pods(self) -> list[Pod]:
        """The pods that are not on their way out. Raises DumpError for one that is none."""
        pools = {node.name: node.pool for node in self.nodes}
        try:
            return list(pods(self, pools))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise DumpError(
                f"a pod of the dump is not as kubectl prints one; print it anew: {COMMAND}"
            ) from None

    @property
    def not_asked(self) -> tuple[str, ...]:
        """The webhooks that are asked before an eviction, where they are: nothing here can answer for them. Raises DumpError."""
        try:
            return tuple(name for kind in HOOKS for item in self.kinds[kind] for name in of_evictions(item))
        except (AttributeError, KeyError, TypeError):
            raise DumpError(
                f"a webhook of the dump is not as kubectl prints one; print it anew: {COMMAND}"
            ) from None

    def pools(self, max_surge: str, drain_minutes: int) -> list[Pool]:
        """Return the pools that the nodes tell of, in the order of an upgrade; what nodes do not tell is given."""
        found: dict[str, Pool] = {}
        for node, item in zip(self.nodes, self.kinds["Node"], strict=True):
            labels: Json = item["metadata"].get("labels") or {}
            before = found.get(node.pool)
            found[node.pool] = Pool(
                node.pool,
                node.version if before is None else min(before.version, node.version),
                mode="System" if labels.get("kubernetes.azure.com/mode") == "system" else "User",
                os_type="Windows" if labels.get("kubernetes.io/os") == "windows" else "Linux",
                nodes=1 + (before.nodes if before else 0),
                drain_minutes=drain_minutes,
                max_surge=max_surge,
            )
        return sorted(found.values(), key=lambda pool: pool.rank)


def _objects(name: str, text: str) -> Iterator[Json]:
    """Yield the objects of a text that holds one JSON document after another."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            line = text.count("\n", 0, getattr(error, "pos", at)) + 1
            raise DumpError(f"{name}: line {line} is not JSON; print it anew: {COMMAND}") from None
        found: Json = _mapping(name, item)
        listed = str(found.get("kind", "")).endswith("List")
        items: Any = (found.get("items") or []) if listed else [found]
        for one in items if isinstance(items, list) else [items]:  # pyright: ignore[reportUnknownVariableType]
            yield _mapping(name, one)


def _key(name: str, kind: str, item: Json) -> tuple[str, str, str]:
    """Return an object's kind, namespace and name. Raises DumpError for one that no API server has."""
    meta = _mapping(name, item.get("metadata") or {})
    needed = ("name",) if kind in WHOLE else ("name", "namespace")
    for what in needed:
        value = meta.get(what)
        if not (isinstance(value, str) and NAME.fullmatch(value)):
            raise DumpError(
                f"{name}: the {what} of a {kind} is {json.dumps(value)[:_SHOWN]}, which no cluster has; print it anew: {COMMAND}"
            )
    return kind, str(meta["namespace"]) if len(needed) > 1 else "", str(meta["name"])


def _mapping(name: str, value: Any) -> Json:
    if not isinstance(value, dict):
        raise DumpError(
            f"{name}: holds {json.dumps(value)[:_SHOWN]} where an object should be; print it anew: {COMMAND}"
        )
    return value  # pyright: ignore[reportUnknownVariableType]  # JSON
