"""`python -m upgrades check`: on stacks in a lab, and on subscriptions."""

from __future__ import annotations

import json
import sys
from typing import get_args

import pytest
from rich.console import Console
from typer.models import OptionInfo

from tests import command_line
from upgrades.cli import app
from upgrades.commands.common import StackNames
from upgrades.commands.look.on_azure import asked
from upgrades.observe.azure import reader as azure_module

from .arm import REGION, SUBSCRIPTION, azure, cluster, pool

check_module, common_module = (sys.modules[f"upgrades.commands.{name}"] for name in ("look.check", "common"))
azure_clusters, plan_module = (sys.modules[f"upgrades.commands.look.{name}"] for name in ("on_azure", "plan"))


@pytest.fixture
def project(tmp_path):
    return command_line.stack_files(tmp_path)


@pytest.fixture
def check(lab):
    """Run `check` in the environment of a lab."""

    def run(folder, *words, clock="2026-11-23"):
        return command_line.upgrades(folder, "check", *words, clock=clock, environment=lab)

    return run


@pytest.fixture
def on_azure(arm, monkeypatch, capfd):
    """Run `check --subscription` in this process, on a server that answers what it is told to."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    monkeypatch.setattr(azure_module, "Azure", lambda _subscription: azure(arm))
    for name, console in (("out", Console(width=160)), ("err", Console(stderr=True, width=160))):
        monkeypatch.setattr(check_module, name, console, raising=False)
        for module in (azure_clusters, common_module):
            monkeypatch.setattr(module, name, console, raising=False)

    def run(folder, *words):
        monkeypatch.chdir(folder)
        with pytest.raises(SystemExit) as ended:
            app(
                ["check", *words]
                if {"--subscription", "--cluster"} & set(words)
                else ["check", "--subscription", SUBSCRIPTION, *words]
            )
        said = capfd.readouterr()
        return ended.value.code, said.out + said.err

    return run


def test_the_shipped_stacks(project, check):
    code, said = check(project)
    assert code == 2, said
    assert "no stack named 'dev' found" in said
    assert "spot runs 1.35.5, and 1.35.7 is out" in said
    assert "not up: this is what its file says" in said


def test_a_scheduled_job_is_told_in_time(project, check):
    code, said = check(project, "--stack", "dev", clock="2027-02-15")
    assert (code, "whose support ends on 2027-03-31, in 44 days" in said) == (1, True)
    assert check(project, "--stack", "dev", "--within", "43", clock="2027-02-15")[0] == 2


def test_a_broken_stack_file_is_unknown_and_the_others_are_checked(project, check):
    file = project / "Pulumi.prod.yaml"
    file.write_text(file.read_text().replace("kubernetesVersion: 1.34.9", "kubernetesVersion: 1.34"))
    with (project / "Pulumi.dev.yaml").open("a") as dev:
        dev.write("  secure-aks:policies: {lifecycle: {all: disabled}}\n")
    code, said = check(project, "--format", "json")
    data = json.loads(said)
    assert code == data["exitCode"] == 2
    assert [item["name"] for item in data["unknown"]] == ["prod"]
    assert {item["name"] for item in data["clusters"]} == {"aks-dev", "aks-staging"}
    off = [(item["name"], f) for item in data["clusters"] for f in item["findings"] if f["rule"] == "UPG009"]
    [(name, finding)] = off
    assert name == "aks-dev"
    assert finding["message"].startswith("the whole lifecycle pack is switched off")


def test_a_subscription(arm, on_azure, tmp_path):
    """Outside of any project."""
    fresh = cluster("fresh", "1.36.3", pool("general", "1.36.3"))
    stale = cluster("stale", "1.33.13", pool("general", "1.33.13"))
    ready = cluster("ready", "1.35.7", pool("general", "1.35.7"))
    arm.has(fresh, stale, ready)
    arm.offers(ready, ["1.36.3"], general=[])
    arm.offers(fresh, [], general=[])
    arm.offers(stale, ["1.34.9"], general=[])
    code, said = on_azure(tmp_path)
    assert code == 1
    assert "next: nothing newer is offered" in said
    assert "control plane runs 1.33.13, whose support ended on 2026-07-31" in said
    assert (
        "next: blocked; control plane 1.33.13: its support ended on 2026-07-31; without long-term support"
        in said
    )
    assert "az aks upgrade --resource-group" in said
    assert "ready: as far as Azure tells, by 5 gates; what the cluster tells: check --cluster" in said
    code, said = on_azure(tmp_path, "--summary")
    assert code == 1
    rows = [line.split() for line in said.splitlines()[1:4]]
    assert [row[0] for row in rows] == ["stale", "fresh", "ready"], "what needs somebody stands first"
    assert "1.33.13  ended" in said
    assert "control plane 1.35.7 -> 1.36.3" in said
    sarif = json.loads(on_azure(tmp_path, "--format", "sarif")[1])
    assert {result["ruleId"] for result in sarif["runs"][0]["results"]} == {"UPG001"}


SUBNET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/nodes"


def room(arm, cores=100):
    """Let the pool's subnet have addresses, and the region so many cores."""
    compute = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute"
    usages = [
        {"name": {"value": name}, "currentValue": 8, "limit": 8 + cores}
        for name in ("cores", "standardDDSv5Family")
    ]
    arm.put(f"{compute}/locations/westeurope/usages", {"value": usages})
    size = {"resourceType": "virtualMachines", "name": "Standard_D4ds_v5", "family": "standardDDSv5Family"}
    arm.put(f"{compute}/skus", {"value": [size]})
    usage = {"id": SUBNET, "currentValue": 4, "limit": 251, "unit": "Count"}
    arm.put(f"{SUBNET.partition('/subnets/')[0]}/usages", {"value": [usage]})


def test_a_cluster_that_is_not_ready_for_its_next_step(arm, on_azure, tmp_path):
    """The quota has no cores for the pool's surge, and an operation is under way."""
    busy = cluster("busy", "1.36.2", pool("general", "1.35.6", provisioningState="Upgrading"))
    arm.has(busy)
    arm.offers(busy, [], general=["1.36.2"])
    room(arm, cores=0)
    _, said = on_azure(tmp_path)
    assert "next: general 1.35.6 -> 1.36.2" in said
    assert "OPS001 No operation is in progress: general: Upgrading is in progress" in said
    assert "0 cores of quota are left for its VM family, and the surge takes 4" in said
    assert not [path for path in arm.asked if path.startswith(f"{busy['id']}?")], (
        "the list told of it already"
    )


def test_a_cluster_of_no_stack_whose_channel_moves_versions_is_advised_no_up(arm, on_azure, tmp_path):
    """AKS Automatic has one that nobody can switch off."""
    item = cluster(
        "auto", "1.35.7", pool("general", "1.35.7"), autoUpgradeProfile={"upgradeChannel": "stable"}
    )
    arm.has(item)
    arm.offers(item, ["1.36.3"], general=[])
    _, said = on_azure(tmp_path)
    assert "next: blocked; auto-upgrade channel 'stable'" in said
    assert "az aks update --resource-group rg-auto --name auto --auto-upgrade-channel none" in " ".join(
        said.split()
    )


def test_what_is_newer_than_the_catalog_is_looked_up_in_its_region(arm, on_azure, tmp_path):
    """A patch and a minor that came out after this project did."""
    item = cluster("new", "1.37.1", pool("general", "1.36.9", vnetSubnetID=SUBNET))
    arm.has(item)
    arm.offers(item, [], general=["1.37.1"])
    arm.region(**{"1.36": ["1.36.9"], "1.37": ["1.37.1"]})
    room(arm)
    code, said = on_azure(tmp_path)
    assert code == 0, said
    assert "next: general 1.36.9 -> 1.37.1" in said

    arm.has(cluster("new", "1.36.9", pool("general", "1.36.9")))
    arm.put(REGION, (403, {"error": {"code": "AuthorizationFailed", "message": "no right"}}))
    code, said = on_azure(tmp_path)
    assert code == 2
    assert (
        "westeurope: what it offers could not be read, the catalog of 2026-09-04 decides: Azure answered 403"
        in said
    )
    assert "general runs 1.36.9, which the version catalog of 2026-09-04 does not list" in said


def test_a_region_makes_no_old_catalog_young(arm, on_azure, tmp_path, monkeypatch):
    """What has support comes from the catalog, whose minors end; a region tells no dates."""
    item = cluster("new", "1.39.1")
    arm.has(item)
    arm.offers(item, [])
    arm.region(**{"1.39": ["1.39.1"]})
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2028-02-01")
    code, said = on_azure(tmp_path)
    assert code == 2
    assert "the version catalog of 2026-09-04 is 515 days old" in said


def test_a_subscription_that_may_not_be_read(arm, on_azure, tmp_path):
    code, said = on_azure(tmp_path)
    assert code == 2
    assert f"subscription {SUBSCRIPTION} unknown: Azure answered 404" in said


def test_several_subscriptions_are_all_told_of(arm, on_azure, tmp_path):
    arm.has(cluster("fresh", "1.36.2"))
    code, said = on_azure(tmp_path, "--subscription", "one", "--subscription", "two", "--format", "json")
    assert code == 2  # what the versions are upgraded to is not told
    assert [item["name"] for item in json.loads(said)["clusters"]] == ["fresh", "fresh"]


def test_a_stack_file_that_is_refused_is_told_with_why_and_what_to_write(project, check):
    (project / "Pulumi.kind.yaml").write_text(
        "config:\n  secure-aks:environment: dev\n  secure-aks:cluster: {name: kind, tier: none}\n"
    )
    code, said = check(project, "--stack", "kind")
    assert code == 2
    said = " ".join(said.split())
    assert (
        "Pulumi.kind.yaml is refused: secure-aks:network: this key is required; add `secure-aks:network`"
        in said
    )
    assert " more" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--subscription", "s", "--stack", "dev"), "give one of them"),
        (("--resource-group", "rg"), "goes with --subscription"),
        (("--summary", "--format", "json"), "leave --format out"),
        (
            ("--stack", "nowhere"),
            "Pulumi.nowhere.yaml: does not exist; the stacks here are: dev, prod, staging",
        ),
        (("--subscription", ""), "--subscription: an empty one was given"),
    ],
)
def test_what_does_not_go_together_is_refused(project, check, words, why):
    code, said = check(project, *words)
    assert code in {1, 2}
    assert why in said


def named(*clusters):
    return [word for one in clusters for word in ("--cluster", one["id"])]


def test_a_cluster_by_its_id_and_its_plan_without_a_stack(arm, on_azure, tmp_path, monkeypatch, capfd):
    """What begins the plan is a command of the Azure CLI, for nothing here has the cluster's versions."""
    ready = cluster("ready", "1.35.7", pool("general", "1.35.7"))
    arm.has(ready, cluster("stale", "1.33.13", pool("general", "1.33.13")))
    arm.offers(ready, ["1.36.2"], general=[])
    code, said = on_azure(tmp_path, *named(ready))
    assert (code, "stale" in said, "control plane 1.35.7 -> 1.36.2" in said) == (0, False, True), said

    monkeypatch.setattr(plan_module, "err", Console(stderr=True, width=160))
    monkeypatch.setattr(plan_module, "out", Console(width=160))
    with pytest.raises(SystemExit) as ended:
        app(["plan", "--to", "1.36.2", *named(ready)])
    printed = capfd.readouterr()
    assert ended.value.code == 0, printed
    assert "general 1.35.7 -> 1.36.2" in printed.out
    assert "2 steps on 1 cluster" in printed.out
    begin = "az aks upgrade --resource-group rg-ready --name ready --control-plane-only --kubernetes-version 1.36.2"
    assert f"ready begins with: {begin}" in " ".join(printed.err.split())
    assert {method for method, _ in arm.methods} == {"GET"}


def test_a_cluster_that_cannot_be_seen_ends_its_plan_with_1(arm, monkeypatch, on_azure, capfd):
    arm.has()
    monkeypatch.setattr(plan_module, "err", Console(stderr=True, width=160))
    with pytest.raises(SystemExit) as ended:
        app(["plan", "--to", "1.36.2", *named(cluster("gone", "1.35.7"))])
    printed = capfd.readouterr()
    assert (ended.value.code, printed.out) == (1, "")  # a plan of nothing reads as if nothing were to do
    assert "gone: Azure answered 404" in printed.err


def test_a_kubeconfig_has_the_gates_look_inside(arm, on_azure, tmp_path):
    """One that leads nowhere: what waits for the API server is unknown, with how to write the file anew."""
    ready = cluster("ready", "1.35.7", pool("general", "1.35.7"))
    arm.has(ready)
    arm.offers(ready, ["1.36.2"], general=[])
    file = tmp_path / "config"
    _, said = on_azure(tmp_path, *named(ready), "--kubeconfig", str(file))
    words = " ".join(said.split())
    assert "--kubeconfig" in words
    assert f"az aks get-credentials --resource-group rg-ready --name ready --file {file}" in words
    assert "NODE001" in words
    assert "PROMO001" not in words
    assert "WINDOW001" not in words


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--cluster", "aks"], "az aks show --resource-group"),
        (["--cluster", "aks", "--subscription", "s"], "give no --stack and no --subscription"),
        (["--subscription", "s", "--kubeconfig", "f"], "name it with one --cluster"),
    ],
)
def test_what_does_not_go_together_is_told(on_azure, tmp_path, words, says):
    code, said = on_azure(tmp_path, *words)
    assert code == 2
    assert says in " ".join(said.split())


def test_what_is_named_twice_is_asked_once():
    """To Azure capitals of an id mean nothing, and a stack goes through a rollout once."""
    found = asked(None, ["AAAA-1", "aaaa-1", "bbbb-2", "AAAA-1"], None, None)
    assert found.subscriptions == ("AAAA-1", "bbbb-2")
    one = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/x"
    assert asked(None, None, None, [one, one.lower(), f"{one}/"]).clusters == (one,)
    [option] = [part for part in get_args(StackNames) if isinstance(part, OptionInfo)]
    assert option.callback
    assert option.callback(["dev", "prod", "dev"]) == ["dev", "prod"]
    assert option.callback(None) is None
