"""AKS's own ingress controller may write into the zones that it is given, by the identity that AKS made for it."""

from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from components.parts.azure_role import DNS_ZONE_CONTRIBUTOR, PRIVATE_DNS_ZONE_CONTRIBUTOR
from components.program.ingress_zones import ingress_zones
from emulator.cloud.cloud import Cloud
from tests.asked.keys import FOLDER, config
from tests.asked.life import OnArm, program, stand_there
from tests.components.helpers import SUBSCRIPTION, run
from tests.emulator.azure_provider import Azure

ZONES = [
    f"{SUBSCRIPTION}/resourceGroups/dns/providers/Microsoft.Network/dnszones/{name}.com" for name in "ab"
]


def registered(zones, identity=None, *, dry_run=False):
    said: Any = SimpleNamespace(ingress=SimpleNamespace(dns_zones=zones))

    def declare():
        routing = SimpleNamespace(identity=identity)
        profile = pulumi.Output.from_input(SimpleNamespace(web_app_routing=routing))
        cluster: Any = SimpleNamespace(managed_cluster=SimpleNamespace(ingress_profile=profile))
        ingress_zones(said, cluster)

    return run(declare, dry_run=dry_run).of(":RoleAssignment")


def test_it_is_the_identity_that_aks_made(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    said, azure = config(FOLDER / "features.yaml"), Azure(Cloud())
    stand_there(azure, said)
    done = program(said, "features", OnArm(azure))
    [role] = [one for one in done.of(":RoleAssignment") if one.name == "ingress-zone-shop.example.com"]
    [cluster] = azure.cloud.view().of_type("Microsoft.ContainerService/managedClusters")
    identity = cluster.properties["ingressProfile"]["webAppRouting"]["identity"]
    assert identity["resourceId"].endswith("/webapprouting-aks-features")
    assert role.inputs["principalId"] == identity["objectId"]
    assert role.inputs["scope"].endswith("/privateDnsZones/shop.example.com")
    assert role.inputs["roleDefinitionId"].endswith(PRIVATE_DNS_ZONE_CONTRIBUTOR)


def test_each_zone_on_the_internet_has_its_role():
    roles = registered(ZONES, SimpleNamespace(object_id="1"))
    assert [(one.name, one.inputs["scope"], one.inputs["principalId"]) for one in roles] == [
        ("ingress-zone-a.com", ZONES[0], "1"),
        ("ingress-zone-b.com", ZONES[1], "1"),
    ]
    assert all(one.inputs["roleDefinitionId"].endswith(DNS_ZONE_CONTRIBUTOR) for one in roles)
    assert registered([]) == []


@pytest.mark.parametrize(("dry_run", "kept"), [(True, ["principalId"]), (False, [])])
def test_a_preview_that_does_not_know_the_identity_replaces_nothing(dry_run, kept):
    [role, _] = registered(ZONES, dry_run=dry_run)
    assert list(role.request.ignoreChanges) == kept
