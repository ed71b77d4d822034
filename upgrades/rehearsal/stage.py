"""The API server on which a rehearsal takes place: loaded with a dump, watched until it is still, emptied again."""

from __future__ import annotations

import json
import time
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from . import manifests
from .api import RehearsalError, collection_of
from .dump import COMMAND
from .states import has_counted, is_owned, is_ready, is_running, is_stuck, key_of, phase_of, stays, takes_pods

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .api import Api
    from .dump import Dump

Json = dict[str, Any]
SHOWN = 300
POLL = 0.2
"""Seconds between two looks at a cluster that is not still yet."""
PATIENCE = 300.0
"""Seconds after which a cluster that still moves is given up."""
MERGE = "application/merge-patch+json"


class Stage:
    """One rehearsal on an API server. A context manager: on leaving, what it loaded is taken away again."""

    def __init__(self, api: Api, dump: Dump) -> None:
        self.api, self.dump = api, dump
        self.run = f"r{uuid.uuid4().hex[:8]}"
        self.namespaces = sorted({item["metadata"]["namespace"] for item in dump.kinds["Pod"]})
        self.nodes: dict[str, Json] = {}
        self.staying: set[tuple[str, str]] = set()
        self._volumes: list[str] = []

    def __enter__(self) -> Self:
        try:
            self._load()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self._empty()
            if isinstance(error, RehearsalError):
                raise
            raise RehearsalError(
                f"an object of the dump is not as kubectl prints one ({type(error).__name__}: {error}); print it anew: {COMMAND}"
            ) from None
        except BaseException:
            self._empty()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._empty()

    def _load(self) -> None:
        for item in self.dump.kinds["Node"]:
            self.add_node(item)
        for name in self.namespaces:
            self._create("/api/v1/namespaces", {"metadata": {"name": name}})
            account = {"metadata": {"name": "default", "namespace": name}}
            self._create(f"/api/v1/namespaces/{name}/serviceaccounts", account)
        for item in self.dump.kinds["PersistentVolume"]:
            self._volumes.append(item["metadata"]["name"])
            self._create("/api/v1/persistentvolumes", manifests.volume(item))
        self._each("PersistentVolumeClaim", "/api/v1", "persistentvolumeclaims", manifests.claim)
        running = [
            item
            for item in self.dump.kinds["Pod"]
            if is_running(item) and item["spec"]["nodeName"] in self.nodes
        ]
        for item in running:
            self._create(collection_of(item, "/api/v1", "pods"), manifests.pod(item, self.run))
            if stays(item):
                self.staying.add(key_of(item))
        self._until(lambda: all(phase_of(one) == "Running" for one in self.pods()), "every pod runs")
        for item in running:
            if not is_ready(item):
                self._unready(item)
        # Only now: a controller that finds its pods takes them over, one that finds none makes new ones.
        for kind, plural in (("ReplicaSet", "replicasets"), ("StatefulSet", "statefulsets")):
            self._each(kind, "/apis/apps/v1", plural, lambda item: manifests.controller(item, self.run))
        self._each("PodDisruptionBudget", "/apis/policy/v1", "poddisruptionbudgets", manifests.budget)
        self.settle()

    def _each(self, kind: str, root: str, plural: str, manifest: Callable[[Json], Json]) -> None:
        for item in self.dump.kinds[kind]:
            idle = kind == "ReplicaSet" and not item["spec"].get("replicas")
            if item["metadata"]["namespace"] in self.namespaces and not idle:
                self._create(collection_of(item, root, plural), manifest(item))

    def _create(self, path: str, body: Json) -> None:
        status, answer = self.api.request("POST", path, body)
        if status >= HTTPStatus.BAD_REQUEST and status != HTTPStatus.CONFLICT:
            name = body["metadata"]["name"]
            raise RehearsalError(f"{path} {name}: cannot be loaded: {_said(answer)}")

    def _unready(self, item: Json) -> None:
        meta = item["metadata"]
        status = {
            "conditions": [
                {"type": "Ready", "status": "False"},
                {"type": "ContainersReady", "status": "False"},
            ]
        }
        path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}/status"
        self.api.call("PATCH", path, {"status": status}, content_type=MERGE)

    def add_node(self, item: Json, name: str = "") -> str:
        """Add a node of the dump, or under another name one more of its kind; return its name."""
        made = manifests.node(item, self.run, name)
        called = str(made["metadata"]["name"])
        self.nodes[called] = item
        self._create("/api/v1/nodes", made)
        return called

    def remove_node(self, name: str) -> None:
        """Take an empty node away."""
        self.nodes.pop(name)
        self.api.call("DELETE", f"/api/v1/nodes/{name}")

    def again(self, pod: Json) -> None:
        """Let the controller of a pod that found no node make it anew: the scheduler looks at the new one at once."""
        namespace, name = key_of(pod)
        self.api.request("DELETE", f"/api/v1/namespaces/{namespace}/pods/{name}")

    def cordon(self, name: str, *, closed: bool = True) -> None:
        """Keep new pods off a node, or let them on it again."""
        body = {"spec": {"unschedulable": closed}}
        self.api.call("PATCH", f"/api/v1/nodes/{name}", body, content_type=MERGE)

    def reopen(self, nodes: Iterable[str]) -> None:
        """Let pods on nodes, and wait until the scheduler knows: a pod that asks for each has come there, and gone again."""
        probes: list[str] = []
        collection = f"/api/v1/namespaces/{self.namespaces[0]}/pods"
        for number, name in enumerate(nodes):
            self.cordon(name, closed=False)
            probe = manifests.probe(f"{self.run}-{number}", self.namespaces[0], name)
            self._create(collection, probe)
            probes.append(f"{collection}/{self.run}-{number}")
        self._until(
            lambda: all(phase_of(self.api.call("GET", one)) == "Running" for one in probes), "nodes take pods"
        )
        for one in probes:
            self.api.call("DELETE", one)
        self.settle()

    def pods(self) -> list[Json]:
        """Return the pods of the rehearsal."""
        return self._list("/api/v1", "pods")

    def drained(self, node: str) -> list[Json]:
        """Return the pods on a node that a drain has to evict."""
        on = (one for one in self.pods() if one["spec"].get("nodeName") == node)
        return [one for one in on if key_of(one) not in self.staying]

    def settle(self) -> None:
        """Wait until nothing moves: nodes are ready, controllers have their pods, the scheduler has looked at each, budgets have counted."""
        self._until(self._is_still, "the cluster is still")

    def _is_still(self) -> bool:
        nodes = self.api.call("GET", f"/api/v1/nodes?labelSelector={manifests.MARK}={self.run}")["items"]
        if not all(map(takes_pods, nodes)):
            return False
        pods = self.pods()
        if any(
            one["metadata"].get("deletionTimestamp") or not (phase_of(one) == "Running" or is_stuck(one))
            for one in pods
        ):
            return False
        for plural in ("replicasets", "statefulsets"):
            for one in self._list("/apis/apps/v1", plural):
                status: Json = one.get("status") or {}
                if status.get("observedGeneration") != one["metadata"]["generation"]:
                    return False
                owned = [pod for pod in pods if is_owned(pod, one)]
                # A StatefulSet waits for its pod before the next; a missing one behind a stuck one does not come.
                waits = plural == "statefulsets" and any(map(is_stuck, owned))
                if len(owned) != one["spec"]["replicas"] and not waits:
                    return False
        return all(has_counted(one, pods) for one in self._list("/apis/policy/v1", "poddisruptionbudgets"))

    def _list(self, root: str, plural: str) -> list[Json]:
        """Return the rehearsal's objects; one question, however many namespaces there are."""
        found = self.api.call("GET", f"{root}/{plural}")["items"]
        return [item for item in found if item["metadata"]["namespace"] in self.namespaces]

    def _until(self, true: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                raise RehearsalError(
                    f"it did not come about within {PATIENCE:.0f} s that {what}; is this machine very busy?"
                )
            time.sleep(POLL)

    def _empty(self) -> None:
        for name in self.namespaces:
            self.api.request("DELETE", f"/api/v1/namespaces/{name}")
        for name in self._volumes:
            self.api.request("DELETE", f"/api/v1/persistentvolumes/{name}")
        for name in self.nodes:
            self.api.request("DELETE", f"/api/v1/nodes/{name}")


def _said(answer: bytes) -> str:
    """Return what an API server says of a refusal, in its own words."""
    text = answer.decode(errors="replace")
    try:
        return str(json.loads(text)["message"])[:SHOWN]
    except (ValueError, TypeError, KeyError):
        return text[:SHOWN]
