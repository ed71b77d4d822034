"""What gates see of a real cluster beside its workloads: cores, operations, alerts, certificates; over real HTTP."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from kubernetes import client as client_module
from kubernetes import config

from settings import load_file
from tests.upgrades.check.arm import SUBSCRIPTION, azure, cluster, lock, pool
from tests.upgrades.observe.test_observe_kubernetes import HOOK
from upgrades.gates import GATES
from upgrades.gates.base import Gate
from upgrades.model.surroundings import Outbound
from upgrades.observe import live as live_module
from upgrades.observe import prometheus as prometheus_module
from upgrades.observe.azure.addresses import free_addresses
from upgrades.observe.azure.parts import CLUSTER_PARTS
from upgrades.observe.azure.quota import free_cores, left
from upgrades.observe.certificates import expiries
from upgrades.observe.cluster import api_reader
from upgrades.observe.cluster.api_reader import ApiReader
from upgrades.observe.errors import AzureError, ClusterError
from upgrades.observe.live import OF_THE_STACK, PROMETHEUS, gathered
from upgrades.observe.prometheus import Source, firing

COMPUTE = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute"
USAGES = [
    {"name": {"value": "cores"}, "currentValue": 90, "limit": 100},
    {"name": {"value": "standardDDSv5Family"}, "currentValue": 8, "limit": 12},
    {"name": {"value": "standardDSv5Family"}, "currentValue": 12, "limit": 100},
    {"name": {"value": "lowPriorityCores"}, "currentValue": 0, "limit": 3},
]
SKUS = [
    {"resourceType": "virtualMachines", "name": "Standard_D2ds_v5", "family": "standardDDSv5Family"},
    {
        "resourceType": "virtualMachines",
        "name": "Standard_D4ds_v5",
        "family": "standardDDSv5Family",
        "restrictions": [
            {
                "type": "Zone",
                "values": ["westeurope"],
                "restrictionInfo": {"locations": ["westeurope"], "zones": ["2", "3"]},
                "reasonCode": "NotAvailableForSubscription",
            }
        ],
    },
    {"resourceType": "virtualMachines", "name": "Standard_D4s_v5", "family": "standardDSv5Family"},
    {"resourceType": "disks", "name": "Premium_LRS"},
]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ALERTS = [
    {"labels": {"alertname": "Watchdog"}, "state": "firing"},
    {"labels": {"alertname": "NodeDown", "severity": "critical"}, "state": "firing"},
    {"labels": {"alertname": "Slow"}, "state": "pending"},
]


NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet"


def usage(subnet, used, limit):
    return {"id": f"{NETWORK}/subnets/{subnet}", "currentValue": used, "limit": limit, "unit": "Count"}


def quota(arm):
    arm.put(f"{COMPUTE}/locations/westeurope/usages", {"value": USAGES[:2], "nextLink": f"{arm.url}/usages2"})
    arm.put("/usages2", {"value": USAGES[2:]})
    arm.put(f"{COMPUTE}/skus", {"value": SKUS})


def prometheus(arm, alerts):
    arm.put("/api/v1/alerts", {"status": "success", "data": {"alerts": alerts}})


def test_cores_are_those_of_the_family_the_region_and_of_spot(arm):
    quota(arm)
    sizes = {
        "family": (("Standard_D4ds_v5",), False),
        "region": (("standard_d4s_v5",), False),
        "spot": (("Standard_D4s_v5",), True),
        "unheard": (("Standard_X1",), False),
    }
    assert free_cores(azure(arm), "westeurope", sizes) == {
        "family": 4,
        "region": 10,
        "spot": 3,
    }


def test_more_in_use_than_allowed_leaves_none():
    over = [
        {"name": {"value": name}, "currentValue": 9, "limit": 4} for name in ("cores", "standardDSv5Family")
    ]
    assert left(over, SKUS, {"a": (("Standard_D4s_v5",), False)}) == {"a": 0}


def test_usages_that_cannot_be_read_are_a_message(arm):
    arm.put(f"{COMPUTE}/locations/westeurope/usages", (403, {"error": {"message": "no right"}}))
    with pytest.raises(AzureError, match="403"):
        free_cores(azure(arm), "westeurope", {})


def test_addresses_are_those_that_azure_counts(arm):
    """A subnet may hold more than nodes; it may be another network's, and it may not be told."""
    pools = [
        pool("a", "1.35.6", vnetSubnetID=f"{NETWORK}/subnets/nodes"),
        pool("b", "1.35.6", vnetSubnetID=f"{NETWORK.upper()}/subnets/NODES"),
        pool("full", "1.35.6", vnetSubnetID=f"{NETWORK}2/subnets/nodes"),
        pool("gone", "1.35.6", vnetSubnetID=f"{NETWORK}/subnets/gone"),
        pool("none", "1.35.6"),
    ]
    arm.put(f"{NETWORK}/usages", {"value": [usage("nodes", 200, 251.0)], "nextLink": f"{arm.url}/more"})
    arm.put("/more", {"value": []})
    second = {**usage("nodes", 11, 11), "id": f"{NETWORK}2/subnets/nodes"}
    arm.put(f"{NETWORK}2/usages", {"value": [second]})
    found = free_addresses(azure(arm), cluster("c", "1.35.6", *pools))
    assert found == {"a": 51, "b": 51, "full": 0}
    assert sum("usages" in path for path in arm.asked) == 2


def test_the_subnet_that_aks_made_is_found_among_its_nodes(arm):
    """Nobody named one: it is in the nodes' resource group, beside other subnets of the same network."""
    of_aks = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/MC_c/providers/Microsoft.Network/virtualNetworks"
    network = f"{of_aks}/aks-vnet-1"
    subnets = [{"id": f"{network}/subnets/{name}", "name": name} for name in ("aks-apiserver", "aks-subnet")]
    item = cluster("c", "1.35.6", pool("a", "1.35.6"), pool("b", "1.35.6"))
    with pytest.raises(AzureError, match="404"):
        free_addresses(azure(arm), item)
    arm.put(of_aks, {"value": [{"id": network, "properties": {"subnets": subnets}}]})
    arm.put(
        f"{network}/usages",
        {"value": [{**usage("x", 3, 251), "id": one["id"]} for one in subnets[1:]]},
    )
    assert free_addresses(azure(arm), item) == {"a": 248, "b": 248}
    arm.put(of_aks, {"value": []})
    assert free_addresses(azure(arm), item) == {}


@pytest.mark.parametrize("value", [[{}], [{"id": "x", "limit": None, "currentValue": 1}], ["x"]])
def test_usages_of_another_shape_are_a_message(arm, value):
    arm.put(f"{NETWORK}/usages", {"value": value})
    item = cluster("c", "1.35.6", pool("a", "1.35.6", vnetSubnetID=f"{NETWORK}/subnets/nodes"))
    with pytest.raises(ValueError, match="cannot be read"):
        free_addresses(azure(arm), item)
    with pytest.raises(ValueError, match="cannot be read"):
        left(value, [], {})


@pytest.mark.parametrize(
    ("pattern", "only", "names"),
    [
        ("^Watchdog$", False, ["NodeDown"]),
        ("Node|Watchdog", False, []),
        ("Watch", True, ["Watchdog"]),
        ("^$", False, ["Watchdog", "NodeDown"]),
        (r"\pL{8}$", True, ["Watchdog", "NodeDown"]),
    ],
)
def test_alerts_that_fire_and_count(arm, pattern, only, names):
    prometheus(arm, ALERTS)
    found = firing(Source(arm.url, pattern, only=only), reader=None)  # pyright: ignore[reportArgumentType]  # not asked
    assert [alert.name for alert in found] == names


def test_a_filter_does_not_run_away_with_the_name_of_an_alert(arm):
    prometheus(arm, [{"labels": {"alertname": "a" * 200}, "state": "firing"}])
    source = Source(arm.url, "(([A-Za-z]+)+)+!$", only=True)
    assert firing(source, reader=None) == []  # pyright: ignore[reportArgumentType]  # not asked


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"status": "error"}', b'{"data": {"alerts": [7]}}']
)
def test_an_answer_of_no_prometheus_is_a_message(arm, body):
    arm.put("/api/v1/alerts", (200, body))
    with pytest.raises(ValueError, match="does not answer as a Prometheus does"):
        firing(Source(arm.url), reader=None)  # pyright: ignore[reportArgumentType]  # not asked


def test_a_prometheus_that_is_busy_is_asked_again(arm, monkeypatch):
    monkeypatch.setattr(prometheus_module, "WAITS", (0.0, 0.0))
    good = {"status": "success", "data": {"alerts": ALERTS}}
    arm.put("/api/v1/alerts", [(503, b""), (429, b""), good])
    assert [alert.name for alert in firing(Source(arm.url), reader=None)] == ["NodeDown"]  # pyright: ignore[reportArgumentType]  # not asked
    arm.put("/api/v1/alerts", (503, b""))
    with pytest.raises(httpx.HTTPStatusError, match="503"):
        firing(Source(arm.url), reader=None)  # pyright: ignore[reportArgumentType]  # not asked
    with pytest.raises(httpx.ConnectError):
        firing(Source("http://127.0.0.1:9"), reader=None)  # pyright: ignore[reportArgumentType]  # not asked


def test_an_api_server_that_is_busy_is_asked_again(arm, monkeypatch):
    monkeypatch.setattr(api_reader, "RETRY", api_reader.RETRY.new(backoff_factor=0.01))
    configuration = client_module.Configuration(host=arm.url)
    reader = ApiReader(api_reader.patient(client_module.ApiClient(configuration)))
    arm.put("/version", [(503, b""), (429, b"", {"Retry-After": "0"}), {"minor": "36"}])
    assert reader.get("/version") == {"minor": "36"}
    arm.put("/version", [(403, b""), {"minor": "36"}])
    with pytest.raises(client_module.ApiException, match="403"):
        reader.get("/version")
    arm.put("/version", (503, b""))
    with pytest.raises(client_module.ApiException, match="503"):
        reader.get("/version")


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
    assert (found["the cluster's certificate authority"] or date.min) > datetime.now(UTC).date()


def test_a_whole_view_answers_every_gate(control_plane, client, arm, monkeypatch, request):
    """The API server is real, Azure and Prometheus are servers on loopback: no gate is left without an answer."""
    item = cluster(
        "aks-dev",
        "1.35.6",
        pool(
            "general",
            "1.35.6",
            provisioningState="Upgrading",
            vnetSubnetID=f"{NETWORK}/subnets/nodes",
            availabilityZones=["1", "2"],
        ),
        servicePrincipalProfile={"clientId": "0a1b"},
        autoUpgradeProfile={"upgradeChannel": "rapid"},
        networkProfile={
            "outboundType": "loadBalancer",
            "loadBalancerProfile": {"allocatedOutboundPorts": 1024, "managedOutboundIPs": {"count": 2}},
            "kubeProxyConfig": {"enabled": True, "mode": "IPVS"},
        },
    )
    arm.has(item)
    arm.locked(lock(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/mc_AKS-DEV", "ReadOnly"))
    arm.put(f"{NETWORK}/usages", {"value": [usage("nodes", 4000, 4091)]})
    quota(arm)
    prometheus(arm, ALERTS)
    monkeypatch.setenv(PROMETHEUS, arm.url)
    settings = load_file(request.config.rootpath / "Pulumi.dev.yaml")
    summary = {"id": item["id"], "location": "westeurope"}
    view = gathered(settings, client, azure(arm), summary, NOW, "general")

    assert view.operations == ("general: Upgrading",)
    assert [(one.target, one.provisioning, one.power) for one in view.states or ()] == [
        ("control plane", "Succeeded", "Running"),
        ("general", "Upgrading", "Running"),
    ]
    assert (view.node_counts, view.auto_upgrade, view.outbound) == (
        {"general": 3},
        "rapid",
        Outbound(2, 1024, 3),
    )
    assert [(one.name, one.level) for one in view.locks or ()] == [("keep", "ReadOnly")]
    assert [(one.pool, one.where, one.reason) for one in view.restrictions or ()] == [
        ("general", "zone 2", "NotAvailableForSubscription")
    ]
    assert (view.evictions, "kube-proxy-ipvs" in (view.uses or ())) == ((), True)
    assert [alert.name for alert in view.alerts or ()] == ["NodeDown"]
    assert view.free_cores == {"system": 4, "general": 4, "spot": 3, "win": 4, "sandbox": 10}
    assert view.free_addresses == {"general": 91}
    ends = {expiry.what.partition(" (")[0]: expiry.on for expiry in view.expiries or ()}
    assert ends["the secret of service principal 0a1b"] is None
    assert (ends["the API server's certificate"] or date.min) > datetime.now(UTC).date()
    assert view.unread == {}
    parts = {part for gate in GATES for part in gate.reads} - OF_THE_STACK
    assert [part for part in sorted(parts) if getattr(view, part) is None] == []


def test_azure_that_does_not_answer_leaves_its_gates_unknown(client, monkeypatch, request):
    monkeypatch.delenv(PROMETHEUS, raising=False)
    settings = load_file(request.config.rootpath / "Pulumi.dev.yaml")
    summary = {"id": cluster("aks-dev", "1.35.6")["id"], "location": "westeurope"}
    view = gathered(settings, client, azure("http://127.0.0.1:9"), summary, NOW, "general")

    parts = {*CLUSTER_PARTS, "free_cores", "uses"}
    assert set(view.unread) == parts
    assert [part for part in parts if getattr(view, part) is not None] == []
    assert "the stack names no Prometheus" in view.absent["alerts"]


def test_what_nobody_reads_is_unknown(monkeypatch, request, arm):
    """A gate that is written before its reader does not pass for want of a value."""

    class New(Gate):
        code, title, reads = "NEW001", "A part that nobody reads yet", ("baseline",)

        def check(self, view, step, before):
            return ()

    monkeypatch.setattr(live_module, "GATES", (*GATES, New()))
    monkeypatch.setattr(live_module, "View", lambda **parts: parts)
    settings = load_file(request.config.rootpath / "Pulumi.dev.yaml")
    summary = {"id": cluster("aks-dev", "1.35.6")["id"], "location": "westeurope"}
    seen: Any = gathered(settings, ClusterError("no cluster here"), azure(arm), summary, NOW)
    assert (seen["baseline"], seen["unread"]["baseline"]) == (None, "nothing reads it")
