"""A tenant of each degree in one cluster with the admission rules, each with a claim, a secret and nodes as its degree has them."""

from __future__ import annotations

import contextlib
import time
from datetime import date
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.stack.isolation import NODES_OF
from secure_aks_security.admission.manifests import NAMESPACE as PARAMETERS
from secure_aks_security.admission.manifests import Modes
from secure_aks_security.admission.manifests import manifests as admission

from components.admission import pack_configuration
from emulator.control_plane.client import ApiError
from emulator.control_plane.nodes import NodePool
from tests.access.conftest import apply_teams
from tests.access.helpers import in_namespaces_of_its_own, object_ids, stack_settings
from tests.components.helpers import object_id
from tests.security.build import pod

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from emulator.control_plane.client import ApiClient
    from emulator.control_plane.server import ControlPlane
    from settings.sections.pools import Pool
    from settings.sections.stack import StackSettings

PREFIX = "apart-"
TENANTS = {"namespace": "payments", "nodes": "checkout", "sandbox": "partners"}
"""The team of each degree."""
VERSION = "1.36.3"
KATA = "kata-vm-isolation"
_VOLUMES = "/api/v1/persistentvolumes"
_CLASSES = "/apis/node.k8s.io/v1/runtimeclasses"
_POOLS = {"general": None, "checkout": "nodes", "sandbox": "sandbox"}


def namespace_of(degree: str) -> str:
    return PREFIX + TENANTS[degree]


def settings() -> StackSettings:
    """The shipped dev stack, but that checkout has nodes of its own."""
    stack = in_namespaces_of_its_own(stack_settings("dev"), PREFIX)
    degrees = {name: degree for degree, name in TENANTS.items()}
    teams = tuple(team.model_copy(update={"isolation": degrees[team.name]}) for team in stack.teams)
    pools = {pool.name: pool for pool in stack.pools}
    pools["checkout"] = pools["general"].model_copy(update={"name": "checkout"})
    of = {name: degree and namespace_of(degree) for name, degree in _POOLS.items()}
    kept = tuple(pools[name].model_copy(update={"namespace": whose}) for name, whose in of.items())
    return stack.model_copy(update={"teams": teams, "pools": kept})


class Cluster:
    """The cluster, and its tenants as they sign in."""

    def __init__(self, control_plane: ControlPlane, settings: StackSettings) -> None:
        self.admin, self._control_plane = control_plane.client(), control_plane
        self.settings = settings
        self.nodes: dict[str, str] = {}
        self._made: list[str] = []

    def tenant(self, degree: str) -> ApiClient:
        """A member of the team's group with the most rights; of nobody's here for a tenant of another cluster."""
        if degree == "cluster":
            return self._control_plane.client("zoe@example.org", ["object-id-of-another-cluster"])
        [team] = [team for team in self.settings.teams if team.isolation == degree]
        ids = object_ids(self.settings)
        [group] = [group.name for group in team.groups if group.role == "operator"]
        return self._control_plane.client(f"{team.name}@example.org", [ids[group]])

    def member(self, team: str, group: str) -> ApiClient:
        """A member of one group, by its name, whoever's it is: Entra is the same for all clusters of a stack."""
        return self._control_plane.client(f"{team}@example.org", [object_id(group)])

    def rules(self, namespaces: Iterable[str]) -> None:
        """Put the rules in force: they deny in these namespaces alone, as the server is shared with tests that know nothing of them."""
        self.create("/api/v1/namespaces", {"metadata": {"name": PARAMETERS}})
        modes = Modes("Audit", dict.fromkeys(namespaces, "Deny"))
        for item in admission(pack_configuration(self.settings), modes, VERSION, date(2026, 11, 23)):
            self.create(self.admin.resource_of(item["apiVersion"], item["kind"]).path(PARAMETERS), item)

    def create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        made = self.admin.create(path, body)
        self._made.append(f"{path}/{body['metadata']['name']}")
        return made

    def node(self, pool: Pool) -> None:
        spec = NodePool(
            f"iso{pool.name}",
            VERSION,
            sandboxed=pool.sandboxed,
            labels=pool.all_labels,
            taints=pool.all_taints,
        )
        [self.nodes[pool.name]] = self._control_plane.add_nodes(spec, 1)
        self._made.append(f"/api/v1/nodes/{self.nodes[pool.name]}")

    def volume(self, degree: str) -> None:
        """A volume that is the claim's of one tenant."""
        name, space = f"of-{degree}", namespace_of(degree)
        size = {"storage": "1Gi"}
        csi = {"driver": "disk.csi.azure.com", "volumeHandle": name}
        reference = {"namespace": space, "name": "data"}
        shape = {"accessModes": ["ReadWriteOnce"], "storageClassName": ""}
        self.create(
            _VOLUMES,
            {
                "metadata": {"name": name},
                "spec": {**shape, "capacity": size, "csi": csi, "claimRef": reference},
            },
        )
        claim = {**shape, "resources": {"requests": size}, "volumeName": name}
        self.admin.create(
            f"/api/v1/namespaces/{space}/persistentvolumeclaims",
            {"metadata": {"name": "data"}, "spec": claim},
        )

    def clear(self) -> None:
        for path in reversed(self._made):
            with contextlib.suppress(ApiError):
                self.admin.delete(path)
        # The API server goes by a deleted policy for a while, without its parameters; what uses this server next is not to meet it.
        here = {**pod(), "metadata": {"name": "asked", "namespace": "default"}}
        for item in (here, _EVERYWHERE):
            until(lambda item=item: not _refused(self.admin, item, "ValidatingAdmissionPolicy"))


@contextlib.contextmanager
def cluster(control_plane: ControlPlane) -> Generator[Cluster]:
    """The tenants of one cluster, with the rules."""
    made = Cluster(control_plane, settings())
    try:
        apply_teams(made.admin, made.settings)
        made._made += [f"/api/v1/namespaces/{namespace_of(degree)}" for degree in TENANTS]
        for one in made.settings.pools:
            made.node(one)
        made.create(_CLASSES, {"metadata": {"name": KATA}, "handler": "kata"})
        for degree in TENANTS:
            made.volume(degree)
            secret = {"metadata": {"name": "keys"}, "stringData": {"key": degree}}
            made.admin.create(f"/api/v1/namespaces/{namespace_of(degree)}/secrets", secret)
        made.rules(map(namespace_of, TENANTS))
        _wait_until_in_force(made)
        yield made
    finally:
        made.clear()


def _wait_until_in_force(made: Cluster) -> None:
    for degree in TENANTS:
        bad = tenant_pod(degree, "bad", nodeName="no-such-node")
        until(lambda bad=bad: refused_by_rule(made.admin, bad))


def refused_by_rule(admin: ApiClient, item: dict[str, Any]) -> bool:
    return _refused(admin, item, "[pod-foreign-nodes]")


_RBAC = "rbac.authorization.k8s.io"
_EVERYWHERE = {"apiVersion": f"{_RBAC}/v1", "kind": "ClusterRole", "metadata": {"name": "asked"}, "rules": []}


def _refused(admin: ApiClient, item: dict[str, Any], words: str) -> bool:
    try:
        admin.apply(item, "test", dry_run=True)
    except ApiError as error:
        return words in str(error)
    return False


def until(check: Any, seconds: float = 120) -> Any:
    end = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < end:
        time.sleep(0.1)
    assert answer
    return answer


def toleration(namespace: str) -> dict[str, str]:
    return {"key": NODES_OF, "operator": "Equal", "value": namespace, "effect": "NoSchedule"}


def tenant_pod(degree: str, name: str, **spec: Any) -> dict[str, Any]:
    """A pod that the tenant may run, with what is changed in its spec (None: taken away)."""
    item, namespace = pod(), namespace_of(degree)
    item["metadata"] = {"name": name, "namespace": namespace}
    if degree in {"nodes", "sandbox"}:
        item["spec"] |= {"nodeSelector": {NODES_OF: namespace}, "tolerations": [toleration(namespace)]}
    if degree == "sandbox":
        item["spec"]["runtimeClassName"] = KATA
    merged = {**item["spec"], **spec}
    return {**item, "spec": {key: value for key, value in merged.items() if value is not None}}
