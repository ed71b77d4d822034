"""The platform's controllers and what namespaces open, as the program registers it and as the tables show it."""

from __future__ import annotations

import contextlib
import csv
import json
from ipaddress import ip_address, ip_network

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.access.render import as_csv, as_text, platform_markdown
from components.access.table import platform_data, platform_table
from components.args.teams import OpeningArgs
from components.parts.network_policies import opened
from components.platform import Platform, PlatformArgs
from emulator.control_plane.client import ApiError
from settings.sections.openings import Opening
from settings.sections.platform import Controller
from tests.access.conftest import numbers
from tests.access.helpers import manifests, stack_settings, team_access
from tests.components.helpers import run
from tests.security.platform import CONTROLLERS

INGRESS = {
    "ingress": [{"range": "0.0.0.0/0", "ports": [443]}],
    "egress": [{"name": "payments", "ports": [8080]}],
}


def settings_with(**team):
    stack = stack_settings("dev")
    platform = [
        Controller.model_validate({**module.ENTRY, **(INGRESS if name == "ingress-nginx" else {})})
        for name, module in CONTROLLERS.items()
    ]
    openings = {way: tuple(map(Opening.model_validate, said)) for way, said in team.items()}
    payments = stack.teams[0].model_copy(update=openings)
    return stack.model_copy(update={"platform": tuple(platform), "teams": (payments, *stack.teams[1:])})


@pytest.fixture(scope="module")
def platform():
    def program():
        provider = kubernetes.Provider("cluster", kubeconfig="{}")
        Platform("platform", PlatformArgs(settings_with()), pulumi.ResourceOptions(provider=provider))

    return manifests(run(program))


def policies(items, namespace):
    return {
        one["metadata"]["name"]: one["spec"]
        for one in items
        if one["kind"] == "NetworkPolicy" and one["metadata"]["namespace"] == namespace
    }


def test_each_controller_has_a_namespace_that_is_shut(platform):
    labels = {
        one["metadata"]["name"]: one["metadata"]["labels"] for one in platform if one["kind"] == "Namespace"
    }
    assert labels.keys() == {one.namespace for one in settings_with().platform}
    assert labels["flux-system"]["secure-aks/platform"] == "flux"
    assert labels["flux-system"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert labels["secrets-store-csi"]["pod-security.kubernetes.io/enforce"] == "privileged"
    for namespace in labels:
        assert policies(platform, namespace)["default-deny"] == {
            "podSelector": {},
            "policyTypes": ["Ingress", "Egress"],
        }
    assert policies(platform, "cert-manager").keys() == {
        "default-deny",
        "allow-dns",
        "allow-within-namespace",
    }


def test_an_opening_is_a_policy_of_its_direction_alone(platform):
    found = {name: spec for name, spec in policies(platform, "ingress-nginx").items() if "gress-" in name}
    [inward] = [spec for name, spec in found.items() if name.startswith("ingress-from-0.0.0.0-0-")]
    [outward] = [spec for name, spec in found.items() if name.startswith("egress-to-payments-")]
    assert outward == {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [
            {
                "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "payments"}}}],
                "ports": [{"protocol": "TCP", "port": 8080}],
            }
        ],
    }
    assert inward["policyTypes"] == ["Ingress"]
    assert inward["ingress"][0]["ports"] == [{"protocol": "TCP", "port": 443}]


def test_a_range_that_holds_the_cluster_is_about_what_is_outside_of_it(platform):
    [inward] = [s for n, s in policies(platform, "ingress-nginx").items() if n.startswith("ingress-from-")]
    [peer] = inward["ingress"][0]["from"]
    left_out = [ip_network(one) for one in peer["ipBlock"]["except"]]
    for address in ("10.244.3.4", "10.0.0.1", "169.254.169.254", "168.63.129.16"):
        assert any(ip_address(address) in one for one in left_out), address
    assert not any(ip_address("20.1.2.3") in one for one in left_out)


def test_a_team_opens_by_name_namespace_and_range_for_the_pods_it_names():
    said = {
        "ingress": [{"name": "flux", "ports": [80], "pods": {"app": "web"}}, {"namespace": "monitoring", "ports": [9090]}],
        "egress": [{"range": "10.80.4.0/24", "ports": [5432, 5433]}, {"range": "10.80.5.0/24", "ports": [53], "protocol": "UDP"}],
    }  # fmt: skip
    found = policies(manifests(team_access(settings_with(**said))), "payments")
    by_peer = {name.rpartition("-")[0]: spec for name, spec in found.items() if "gress-" in name}
    assert by_peer["ingress-from-flux"]["podSelector"] == {"matchLabels": {"app": "web"}}
    [peer] = by_peer["ingress-from-flux"]["ingress"][0]["from"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "flux-system"}
    [peer] = by_peer["ingress-from-monitoring"]["ingress"][0]["from"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "monitoring"}
    [rule] = by_peer["egress-to-10.80.4.0-24"]["egress"]
    assert rule["to"] == [{"ipBlock": {"cidr": "10.80.4.0/24"}}]
    assert [port["port"] for port in rule["ports"]] == [5432, 5433]
    [rule] = by_peer["egress-to-10.80.5.0-24"]["egress"]
    assert rule["ports"] == [{"protocol": "UDP", "port": 53}]


def test_two_openings_to_one_peer_are_two_policies():
    both = [OpeningArgs([port], "a") for port in (80, 81)]
    assert len(opened(both, both, [])) == 4


@pytest.mark.parametrize(
    ("said", "word"), [({}, "neither"), ({"namespace": "a", "range": "10.0.0.0/8"}, "both")]
)
def test_an_opening_says_whose_it_is(said, word):
    with pytest.raises(ValueError, match=f"says {word} of `namespace` and `range`"):
        OpeningArgs([80], **said)


def test_the_api_server_takes_all_of_it(platform, control_plane):
    admin = control_plane.client()
    try:
        for manifest in platform:
            admin.apply(numbers(manifest), "secure-aks", force=True)
        kept = admin.get("/apis/networking.k8s.io/v1/namespaces/ingress-nginx/networkpolicies")["items"]
        assert {one["metadata"]["name"] for one in kept} == policies(platform, "ingress-nginx").keys()
        # What is applied is what is kept: nothing drifts at the next preview.
        for one in kept:
            assert one["spec"] == numbers(policies(platform, "ingress-nginx")[one["metadata"]["name"]])
    finally:
        for namespace in settings_with().namespace_of.values():
            with contextlib.suppress(ApiError):
                admin.delete(f"/api/v1/namespaces/{namespace}")


def test_the_table_has_each_account_with_its_rights_its_owner_and_why():
    stack = settings_with()
    rows = {row.account: row for row in platform_table(stack)}
    assert len(rows) == 11
    flux = rows["system:serviceaccount:flux-system:helm-controller"]
    assert "cluster-admin" in flux.rights
    assert (flux.owner, flux.controller) == ("platform@contoso.com", "flux")
    text = as_text([], platform_table(stack))
    [block] = [block for block in text.split("\n\n") if ":ingress-nginx:ingress-nginx:" in block]
    assert "may     read-secrets: reads Secrets\n" in block
    assert "may     have a public address for the Services of ingress-nginx\n" in block
    assert "the one way in from the internet" in block
    read = list(csv.DictReader(as_csv([], platform_table(stack)).splitlines()))
    assert {row["verbs"] for row in read if row["group"].endswith(":cert-manager-webhook")} == {
        "write-secrets",
        "no-limits",
    }
    assert platform_markdown(platform_table(stack)).count("\n") == len(rows) + 2
    data = platform_data(stack)
    assert json.loads(json.dumps(data)) == data
