"""`python -m upgrades check`: on stacks of the emulator, and on Azure over HTTP."""

from __future__ import annotations

import json

import pytest

from tests import command_line

from .arm import REGION, SUBSCRIPTION, cluster, pool


@pytest.fixture
def project(tmp_path):
    return command_line.stack_files(tmp_path)


def check(folder, *words, clock="2026-11-23"):
    return command_line.upgrades(folder, "check", *words, clock=clock)


def on_azure(arm, folder, *words, **options):
    return check(folder, "--subscription", SUBSCRIPTION, "--endpoint", arm.url, *words, **options)


def test_the_shipped_stacks(project):
    code, said = check(project, "--emulated")
    assert code == 0, said
    assert "spot runs 1.35.5, and 1.35.7 is out" in said
    assert "not up: this is what its file says" in said


def test_a_scheduled_job_is_told_in_time(project):
    code, said = check(project, "--emulated", "--stack", "dev", clock="2027-02-15")
    assert (code, "whose support ends on 2027-03-31, in 44 days" in said) == (1, True)
    assert check(project, "--emulated", "--stack", "dev", "--within", "43", clock="2027-02-15")[0] == 0


def test_a_broken_stack_file_is_unknown_and_the_others_are_checked(project):
    file = project / "Pulumi.prod.yaml"
    file.write_text(file.read_text().replace("kubernetesVersion: 1.34.9", "kubernetesVersion: 1.34"))
    code, said = check(project, "--emulated", "--format", "json")
    data = json.loads(said)
    assert code == data["exitCode"] == 2
    assert [item["name"] for item in data["unknown"]] == ["prod"]
    assert {item["name"] for item in data["clusters"]} == {"aks-dev", "aks-staging"}


def test_a_subscription(arm, tmp_path):
    """Outside of any project."""
    fresh = cluster("fresh", "1.36.3", pool("general", "1.36.3"))
    stale = cluster("stale", "1.33.13", pool("general", "1.33.13"))
    ready = cluster("ready", "1.35.7", pool("general", "1.35.7"))
    arm.has(fresh, stale, ready)
    arm.offers(ready, ["1.36.3"], general=[])
    arm.offers(fresh, [], general=[])
    arm.offers(stale, ["1.34.9"], general=[])
    code, said = on_azure(arm, tmp_path)
    assert code == 1
    assert "next: nothing newer is offered" in said
    assert "control plane runs 1.33.13, whose support ended on 2026-07-31" in said
    assert (
        "next: blocked; control plane 1.33.13: its support ended on 2026-07-31; without long-term support"
        in said
    )
    assert "az aks upgrade --resource-group" in said
    assert "ready: yes, by 1 gate, of those that Azure alone can answer" in said
    sarif = json.loads(on_azure(arm, tmp_path, "--format", "sarif")[1])
    assert {result["ruleId"] for result in sarif["runs"][0]["results"]} == {"UPG001"}


def test_a_cluster_that_is_not_ready_for_its_next_step(arm, tmp_path):
    """The quota has no cores for the pool's surge, and an operation is under way."""
    busy = cluster("busy", "1.36.2", pool("general", "1.35.6", provisioningState="Upgrading"))
    arm.has(busy)
    arm.offers(busy, [], general=["1.36.2"])
    compute = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute"
    full = [
        {"name": {"value": name}, "currentValue": 8, "limit": 8} for name in ("cores", "standardDDSv5Family")
    ]
    arm.put(f"{compute}/locations/westeurope/usages", {"value": full})
    size = {"resourceType": "virtualMachines", "name": "Standard_D4ds_v5", "family": "standardDDSv5Family"}
    arm.put(f"{compute}/skus", {"value": [size]})
    _, said = on_azure(arm, tmp_path)
    assert "next: general 1.35.6 -> 1.36.2" in said
    assert "OPS001 No operation is in progress: general: Upgrading is in progress" in said
    assert "0 cores of quota are left for its VM family, and the surge takes 4" in said
    assert not [path for path in arm.asked if path.startswith(f"{busy['id']}?")], (
        "the list told of it already"
    )


def test_what_is_newer_than_the_catalog_is_looked_up_in_its_region(arm, tmp_path):
    """A patch and a minor that came out after this project did."""
    item = cluster("new", "1.37.1", pool("general", "1.36.9"))
    arm.has(item)
    arm.offers(item, [], general=["1.37.1"])
    arm.region(**{"1.36": ["1.36.9"], "1.37": ["1.37.1"]})
    code, said = on_azure(arm, tmp_path)
    assert code == 0, said
    assert "next: general 1.36.9 -> 1.37.1" in said

    arm.has(cluster("new", "1.36.9", pool("general", "1.36.9")))
    arm.put(REGION, (403, {"error": {"code": "AuthorizationFailed", "message": "no right"}}))
    code, said = on_azure(arm, tmp_path)
    assert code == 2
    assert (
        "westeurope: what it offers could not be read, the catalog of 2026-09-04 decides: Azure answered 403"
        in said
    )
    assert "general runs 1.36.9, which the version catalog of 2026-09-04 does not list" in said


def test_a_subscription_that_may_not_be_read(arm, tmp_path):
    code, said = on_azure(arm, tmp_path)
    assert code == 2
    assert f"subscription {SUBSCRIPTION}: Azure answered 404" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--subscription", "s", "--emulated"), "give one of them"),
        (("--subscription", "s", "--stack", "dev"), "give one of them"),
        (("--resource-group", "rg"), "goes with --subscription"),
        (
            ("--stack", "nowhere", "--emulated"),
            "Pulumi.nowhere.yaml: does not exist; the stacks here are: dev, prod, staging",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(project, words, why):
    code, said = check(project, *words)
    assert code in {1, 2}
    assert why in said
