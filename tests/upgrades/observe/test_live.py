"""What gates see of a real cluster beside its workloads: cores, operations, alerts, certificates; over real HTTP."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from kubernetes import config

from settings import load_file
from tests.upgrades.builders import v
from tests.upgrades.check.arm import SUBSCRIPTION, Arm, cluster, pool
from tests.upgrades.test_observe_kubernetes import HOOK
from upgrades.fleet import Cluster, Pool
from upgrades.gates import GATES
from upgrades.observe.api_reader import ApiReader
from upgrades.observe.azure import Azure, AzureError
from upgrades.observe.certificates import expiries
from upgrades.observe.live import PROMETHEUS, gathered
from upgrades.observe.prometheus import Source, firing
from upgrades.observe.quota import free_cores, left

COMPUTE = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute"
USAGES = [
    {"name": {"value": "cores"}, "currentValue": 90, "limit": 100},
    {"name": {"value": "standardDDSv5Family"}, "currentValue": 8, "limit": 12},
    {"name": {"value": "standardDSv5Family"}, "currentValue": 12, "limit": 100},
    {"name": {"value": "lowPriorityCores"}, "currentValue": 0, "limit": 3},
]
SKUS = [
    {"resourceType": "virtualMachines", "name": "Standard_D2ds_v5", "family": "standardDDSv5Family"},
    {"resourceType": "virtualMachines", "name": "Standard_D4ds_v5", "family": "standardDDSv5Family"},
    {"resourceType": "virtualMachines", "name": "Standard_D4s_v5", "family": "standardDSv5Family"},
    {"resourceType": "disks", "name": "Premium_LRS"},
]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ALERTS = [
    {"labels": {"alertname": "Watchdog"}, "state": "firing"},
    {"labels": {"alertname": "NodeDown", "severity": "critical"}, "state": "firing"},
    {"labels": {"alertname": "Slow"}, "state": "pending"},
]


@pytest.fixture
def arm():
    server = Arm()
    yield server
    server.stop()


def quota(arm):
    arm.put(f"{COMPUTE}/locations/westeurope/usages", {"value": USAGES[:2], "nextLink": f"{arm.url}/usages2"})
    arm.put("/usages2", {"value": USAGES[2:]})
    arm.put(f"{COMPUTE}/skus", {"value": SKUS})


def prometheus(arm, alerts):
    arm.put("/api/v1/alerts", {"status": "success", "data": {"alerts": alerts}})


def test_cores_are_those_of_the_family_the_region_and_of_spot(arm):
    quota(arm)
    sizes = {
        "family": ("Standard_D4ds_v5", False),
        "region": ("standard_d4s_v5", False),
        "spot": ("Standard_D4s_v5", True),
        "unheard": ("Standard_X1", False),
    }
    assert free_cores(Azure(SUBSCRIPTION, arm.url), "westeurope", sizes) == {
        "family": 4,
        "region": 10,
        "spot": 3,
    }


def test_more_in_use_than_allowed_leaves_none():
    over = [
        {"name": {"value": name}, "currentValue": 9, "limit": 4} for name in ("cores", "standardDSv5Family")
    ]
    assert left(over, SKUS, {"a": ("Standard_D4s_v5", False)}) == {"a": 0}


def test_usages_that_cannot_be_read_are_a_message(arm):
    arm.put(f"{COMPUTE}/locations/westeurope/usages", (403, {"error": {"message": "no right"}}))
    with pytest.raises(AzureError, match="403"):
        free_cores(Azure(SUBSCRIPTION, arm.url), "westeurope", {})


@pytest.mark.parametrize(
    ("pattern", "only", "names"),
    [
        ("^Watchdog$", False, ["NodeDown"]),
        ("Node|Watchdog", False, []),
        ("Watch", True, ["Watchdog"]),
        ("^$", False, ["Watchdog", "NodeDown"]),
    ],
)
def test_alerts_that_fire_and_count(arm, pattern, only, names):
    prometheus(arm, ALERTS)
    found = firing(Source(arm.url, pattern, only=only), reader=None)  # pyright: ignore[reportArgumentType]  # not asked
    assert [alert.name for alert in found] == names


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"status": "error"}', b'{"data": {"alerts": [7]}}']
)
def test_an_answer_of_no_prometheus_is_a_message(arm, body):
    arm.put("/api/v1/alerts", (200, body))
    with pytest.raises(ValueError, match="does not answer as a Prometheus does"):
        firing(Source(arm.url), reader=None)  # pyright: ignore[reportArgumentType]  # not asked


def test_a_prometheus_that_refuses(arm):
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        firing(Source(arm.url), reader=None)  # pyright: ignore[reportArgumentType]  # not asked


def test_a_prometheus_in_the_cluster_is_asked_through_the_api_server():
    asked = []

    class Reader:
        def text(self, path):
            asked.append(path)
            return '{"status": "success", "data": {"alerts": []}}'

    for url in ("http://prometheus.monitoring:9090", "https://prometheus.monitoring.svc.cluster.local/k8s/"):
        assert firing(Source(url), Reader()) == []  # pyright: ignore[reportArgumentType]  # its one method
    proxied = "/api/v1/namespaces/monitoring/services"
    assert asked == [
        f"{proxied}/http:prometheus:9090/proxy/api/v1/alerts",
        f"{proxied}/https:prometheus:443/proxy/k8s/api/v1/alerts",
    ]


def authority(days):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(NOW - timedelta(days=900)).not_valid_after(NOW + timedelta(days=days))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def client(control_plane, tmp_path):
    return config.new_client_from_config(str(control_plane.kubeconfig(tmp_path / "kubeconfig")))


def test_certificates_of_the_cluster_and_of_webhooks(control_plane, client):
    admin, name = control_plane.client(), f"hook-{uuid.uuid4().hex[:6]}"
    bundle = base64.b64encode(authority(days=3) + authority(days=9)).decode()
    (hook,) = HOOK["webhooks"]
    hook = {
        **hook,
        "name": f"{name}.example.com",
        "clientConfig": {**hook["clientConfig"], "caBundle": bundle},
    }
    admin.apply({**HOOK, "metadata": {"name": name}, "webhooks": [hook]}, "test")
    found = {expiry.what: expiry.on for expiry in expiries(ApiReader(client))}
    admin.delete(f"/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/{name}")

    assert found[f"the certificate authority of webhook {name}.example.com"] == date(2026, 12, 2)
    assert found["the cluster's certificate authority"] > datetime.now(UTC).date()


def test_a_whole_view_answers_every_gate(control_plane, client, arm, monkeypatch, request):
    """The API server is real, Azure and Prometheus are servers on loopback: no gate is left without an answer."""
    item = cluster("aks-dev", "1.35.6", pool("general", "1.35.6", provisioningState="Upgrading"))
    arm.put(item["id"], item)
    quota(arm)
    prometheus(arm, ALERTS)
    monkeypatch.setenv(PROMETHEUS, arm.url)
    settings = load_file(request.config.rootpath / "Pulumi.dev.yaml")
    planned = Cluster(
        "aks-dev", "dev", v("1.35.6"), tuple(Pool(p.name, v("1.35.6")) for p in settings.all_pools)
    )
    summary = {"id": item["id"], "location": "westeurope"}
    view = gathered(planned, settings, client, Azure(SUBSCRIPTION, arm.url), summary, NOW)

    assert view.operations == ("general: Upgrading",)
    assert [alert.name for alert in view.alerts or ()] == ["NodeDown"]
    assert view.free_cores == {"system": 4, "general": 4, "spot": 3, "win": 4, "sandbox": 10}
    assert view.unread == {}
    parts = {part for gate in GATES for part in gate.reads} - {"followed", "window_open"}
    assert [part for part in sorted(parts) if getattr(view, part) is None] == []


def test_azure_that_does_not_answer_leaves_its_gates_unknown(client, monkeypatch, request):
    monkeypatch.delenv(PROMETHEUS, raising=False)
    settings = load_file(request.config.rootpath / "Pulumi.dev.yaml")
    planned = Cluster("aks-dev", "dev", v("1.35.6"), ())
    summary = {"id": cluster("aks-dev", "1.35.6")["id"], "location": "westeurope"}
    view = gathered(planned, settings, client, Azure(SUBSCRIPTION, "http://127.0.0.1:9"), summary, NOW)

    assert (view.operations, view.free_cores) == (None, None)
    assert set(view.unread) == {"operations", "free_cores"}
    assert "the stack names no Prometheus" in view.absent["alerts"]
