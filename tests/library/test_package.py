"""The package for other languages: its schema, and components made through the SDK's own provider."""

from __future__ import annotations

import inspect
import json
import re
import tomllib
from dataclasses import fields
from functools import cache
from typing import Any

import pulumi
import pytest
from pulumi.errors import InputPropertyError

import components
from components import reference
from components.package.provider import COMPONENTS, LibraryProvider
from tests.components.helpers import SUBNET, WORKSPACE, Run, run
from tests.library.conftest import ROOT


@cache
def provider() -> LibraryProvider:
    """The provider, which reads every component's types when it is made."""
    return LibraryProvider("0.1.0")


@cache
def schema() -> dict[str, Any]:
    return json.loads(provider().schema or "")


SYSTEM = {
    "name": "system", "version": "1.35.6", "vmSize": "Standard_D4ds_v5", "osSku": "Ubuntu2404", "mode": "System",
    "autoscaling": {"min": 2.0, "max": 5.0},
}  # fmt: skip
CLUSTER = {
    "resourceGroupName": "rg", "subnetId": SUBNET, "workspaceId": WORKSPACE, "systemPool": SYSTEM,
    "cluster": {"name": "aks-shop", "kubernetesVersion": "1.35.6"},
}  # fmt: skip
POOL = {"name": "general", "version": "1.35.6", "vmSize": "Standard_D4ds_v5", "osSku": "Ubuntu2404"}


def made(component: str, inputs: dict[str, Any], later: str = "") -> tuple[Run, dict[str, Any]]:
    """What a program in another language gets: the resources, and the component's outputs."""
    states: list[dict[str, Any]] = []

    def program() -> None:
        said = dict(inputs)
        if later.endswith("[0]"):
            name = later.removesuffix("[0]")
            said[name] = [pulumi.Output.from_input(inputs[name][0])]
        elif later:
            said[later] = pulumi.Output.from_input(inputs[later])
        done = provider().construct("shop", f"secure-aks:index:{component}", said, pulumi.ResourceOptions())
        states.append(dict(done.state))

    return run(program), states[0]


def test_the_kept_schema_is_fresh() -> None:
    assert reference.SCHEMA.read_text() == reference.schema(), "run `python -m components.reference`"
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert json.loads(reference.schema())["version"] == declared


def test_every_component_with_args_of_its_own_is_in_it() -> None:
    theirs = {name for name in components.__all__ if f"{name}Args" in components.__all__}
    assert theirs == {one.__name__ for one in COMPONENTS}
    assert set(schema()["resources"]) == {f"secure-aks:index:{name}" for name in theirs}


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda one: one.__name__)
def test_an_argument_is_required_where_the_library_has_no_default(component: Any) -> None:
    said = schema()["resources"][f"secure-aks:index:{component.__name__}"]
    kind = inspect.get_annotations(component.__init__)["args"]
    names = {re.sub(r"_(.)", lambda found: found[1].upper(), one.name): one for one in fields(kind)}
    assert names.keys() - said["inputProperties"].keys() <= {"after", "saidBeside", "letIn"}, "no data"
    assert said["inputProperties"].keys() <= names.keys()
    for name in said.get("requiredInputs", ()):
        one = names[name]
        assert one.default is one.default_factory, name


def test_everything_in_it_is_described() -> None:
    described = [
        (name, key, value.get("description"))
        for name, entry in {**schema()["resources"], **schema()["types"]}.items()
        for part in ("properties", "inputProperties")
        for key, value in entry.get(part, {}).items()
    ]
    assert [one[:2] for one in described if not one[2]] == []
    assert len(described) > 100
    assert "\n    " not in schema()["resources"]["secure-aks:index:NodePool"]["description"]


def test_items_of_a_list_are_inputs() -> None:
    """Go's generator makes no arguments of a type that is only ever a plain item, and its package would not compile."""
    entries = [
        value
        for entry in {**schema()["resources"], **schema()["types"]}.values()
        for part in ("properties", "inputProperties")
        for value in entry.get(part, {}).values()
        if "$ref" in value.get("items", {})
    ]
    assert entries
    assert [one for one in entries if one["items"].get("plain")] == []


def test_whole_numbers_are_such() -> None:
    inputs = {"resourceGroupName": "rg", "clusterName": "a", "pool": {**POOL, "count": 3.0}}
    pool = provider().map_inputs(inputs, provider()._component_defs["NodePool"]).pool
    assert str(pool.count) == "3"


def test_a_cluster_and_a_pool() -> None:
    done, state = made("AksCluster", CLUSTER)
    [cluster] = done.of(":ManagedCluster")
    assert cluster.inputs["resourceName"] == "aks-shop"
    assert cluster.inputs["agentPoolProfiles"][0]["maxCount"] == 5
    assert cluster.inputs["apiServerAccessProfile"]["enablePrivateCluster"] is True
    assert {"resourceId", "kubeconfig", "summary", "version", "issuer", "kubeletObjectId"} == state.keys()
    done, state = made(
        "NodePool", {"resourceGroupName": "rg", "clusterName": "aks-shop", "pool": {**POOL, "count": 3.0}}
    )
    assert done.one(":AgentPool").inputs["count"] == 3
    assert state.keys() == {"version"}


def test_a_team_reboots_and_profiles() -> None:
    group = {"name": "devs", "role": "developer", "objectId": "x"}
    said = {
        "team": {"name": "payments", "groups": [group], "ingress": [{"ports": [80.0], "namespace": "shop"}]}
    }
    done, state = made("TeamAccess", said)
    assert done.one(":RoleBinding").inputs["subjects"][0]["name"] == "x"
    [opened] = [one for one in done.of(":NetworkPolicy") if "ingress-from-shop" in one.name]
    assert opened.inputs["spec"]["ingress"][0]["ports"] == [{"protocol": "TCP", "port": 80}]
    assert state["groupIds"].keys() == {"devs"}
    done, _ = made("NodeReboots", {"kured": {"days": ["th", "tu"]}})
    assert done.one(":Chart").inputs["values"]["configuration"]["rebootDays"] == ["tu", "th"]
    profile = {"kind": "seccomp", "name": "hardened", "content": "{}"}
    done, _ = made("SecurityProfiles", {"profiles": [profile], "loaderImage": "image"})
    assert done.one(":DaemonSet")


def test_logs_of_a_cluster_that_is_made_after_the_workspace() -> None:
    cluster = (
        f"{WORKSPACE.rpartition('/providers')[0]}/providers/Microsoft.ContainerService/managedClusters/a"
    )
    inputs = {"resourceGroupName": "rg", "workspaceName": "log", "audit": {"workspaceId": WORKSPACE}, "clusterIds": {"a": cluster}}  # fmt: skip
    done, state = made("AuditLog", inputs)
    assert done.one(":DiagnosticSetting", "a").inputs["resourceUri"] == cluster
    assert not done.of(":Workspace")
    assert state.keys() == {"workspaceId"}


def refused(component: str, inputs: dict[str, Any]) -> str:
    with pytest.raises(InputPropertyError) as found:
        made(component, inputs)
    return found.value.reason


def test_what_makes_no_sense_is_told_without_a_traceback() -> None:
    pool = {"resourceGroupName": "rg", "clusterName": "aks-shop", "subnetId": SUBNET}
    both = {**POOL, "count": 3.0, "autoscaling": {"min": 1.0, "max": 2.0}}
    assert "says both of `autoscaling` and `count`; say one" in refused("NodePool", {**pool, "pool": both})
    assert "Missing required input 'pool.version'" in refused("NodePool", {**pool, "pool": {"name": "a"}})
    assert "xx is no day; write su, mo" in refused("NodeReboots", {"kured": {"days": ["mo", "xx"]}})
    profile = {"kind": "seccomp", "name": "hardened", "content": "{}"}
    assert "name it with its digest" in refused("SecurityProfiles", {"profiles": [profile]})
    assert "needs a workspace" in refused(
        "NodeReboots", {"kured": {"monitoring": {"collector": "azure-monitor"}}}
    )
    opening = {"team": {"name": "a", "groups": [], "egress": [{"ports": [80.0]}]}}
    assert "says neither of `namespace` and `range`" in refused("TeamAccess", opening)
    assert "Invalid value Lynux" in refused("NodePool", {**pool, "pool": {**POOL, "count": 1.0, "osType": "Lynux"}})  # fmt: skip


def test_what_is_to_be_seen_at_preview_may_not_be_known_only_later() -> None:
    registries = {
        "resourceGroupName": "rg",
        "kubeletObjectId": "x",
        "registries": [{"label": "a", "id": "b"}],
    }
    with pytest.raises(InputPropertyError, match="registries: it holds"):
        made("RegistryAccess", registries, later="registries[0]")
    with pytest.raises(InputPropertyError, match="systemPool: it holds what is known only after another"):
        made("AksCluster", CLUSTER, later="systemPool")
