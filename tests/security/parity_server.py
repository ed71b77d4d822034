"""A real API server with every rule of the pack installed."""

import contextlib
import time
from collections.abc import Generator
from datetime import date
from pathlib import Path

from secure_aks_security.admission.manifests import NAMESPACE, Modes, manifests
from secure_aks_security.expressions import limited
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from emulator.control_plane.client import ApiError
from emulator.control_plane.server import ControlPlane
from tests.security.build import CONFIG, mutate, pod
from tests.security.gateway_kinds import DEFINITIONS
from tests.security.parity import PATHS, Server

VERSION = "1.36.3"
DENIED = "app-denied"
DENIED_RELAXED = "app-denied-relaxed"
OWN = ("kured", "security-profiles")
PLATFORM = ("keeper", "ingress-nginx", "cert-manager", "external-dns", "flux-system", "secrets-store-csi")
PLAIN = ("app", *PLATFORM, "app-relaxed", "app-hostile", "app-profiled", DENIED, DENIED_RELAXED)
STANDARDS = {"app-psa-baseline": "baseline", "app-psa-restricted": "restricted"}
EXEMPTION = {
    "rule": "pod-host-namespaces",
    "resource": {"kind": "Deployment", "namespace": DENIED, "name": "let-*"},
    "reason": "test",
    "until": "2026-12-01",
}

# Of what is named vast-free no rule is asked that goes through it; of vast-bound all of them are exempt but one.
VAST = [
    {
        "rule": rule.id,
        "resource": {"kind": kind, "namespace": DENIED, "name": name},
        "reason": "test",
        "until": "2026-12-01",
    }
    for rule in load_rules()
    for kind, area in (("Role", "rbac"), ("Pod", "pods"))
    if rule.area.name == area and limited(rule)
    for name in ("vast-free", "vast-bound")
    if (rule.id, name) not in {("rbac-bind", "vast-bound"), ("pod-privileged", "vast-bound")}
]


@contextlib.contextmanager
def serving(control_plane: ControlPlane, folder: Path) -> Generator[Server]:
    """The API server with every rule installed: it warns everywhere and denies in two namespaces."""
    admin = control_plane.client()
    made: list[str] = []

    def create(path, item):
        admin.create(path, item)
        made.append(f"{path}/{item['metadata']['name']}")

    for name in (NAMESPACE, *PLAIN, *OWN):
        # Kubernetes itself takes claims with adminAccess in namespaces with this label alone.
        labels = {"resource.kubernetes.io/admin-access": "true"} if name == "app" else {}
        create("/api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})
    for name, level in STANDARDS.items():
        # Of pods it enforces; of what makes pods it warns.
        labels = {f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "warn")}
        create("/api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})
    create("/api/v1/namespaces/app/serviceaccounts", {"metadata": {"name": "reader"}})
    for name in ("kata-vm-isolation", "kata-mshv-vm-isolation", "runc"):
        create("/apis/node.k8s.io/v1/runtimeclasses", {"metadata": {"name": name}, "handler": "kata"})
    create("/apis/scheduling.k8s.io/v1/priorityclasses", {"metadata": {"name": "batch"}, "value": 100})
    for definition in DEFINITIONS:
        create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)
    asked = {"secure-aks:exemptions": [EXEMPTION, *VAST], "secure-aks:nodeUpdates": {"mode": "kured"}}
    configuration = configure(load_rules(), {**CONFIG, **asked})
    modes = Modes("Warn", {DENIED: "Deny", DENIED_RELAXED: "Deny"})
    for item in manifests(configuration, modes, VERSION, date(2026, 11, 23)):
        create(admin.resource_of(item["apiVersion"], item["kind"]).path(NAMESPACE), item)
    # Not the admin itself, so that nothing rests on who that is.
    running = Server(
        control_plane.kubeconfig(folder / "kubeconfig", user="tester", groups=["system:masters"])
    )
    _wait_until_in_force(running)
    for definition in DEFINITIONS:
        _wait_until_served(running, PATHS[definition["spec"]["names"]["kind"]].format("app"))
    yield running
    running.close()
    for path in reversed(made):
        with contextlib.suppress(ApiError):
            admin.delete(path)


def _wait_until_in_force(server: Server) -> None:
    """Policies take effect about a second after they are made."""
    bad = mutate(pod(), {"S.hostPID": True, "C.securityContext.readOnlyRootFilesystem": False})
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        warned = set(server.create(bad)[2])
        denied = server.create({**bad, "metadata": {"name": "web", "namespace": DENIED}})[0] == 403
        if {"pod-host-namespaces", "pod-read-only-root"} <= warned and denied:
            return
        time.sleep(0.2)
    raise AssertionError("the admission policies did not take effect")


def _wait_until_served(server: Server, path: str) -> None:
    """A custom resource is served soon after it is defined."""
    deadline = time.monotonic() + 60
    while server.read(path) != 200:
        assert time.monotonic() < deadline, f"{path} is not served"
        time.sleep(0.2)
