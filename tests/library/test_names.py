"""What the library exports, says of itself, and takes."""

from __future__ import annotations

import ast
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_azure_native import resources
from pydantic_core import PydanticUndefined

import components
from components import reference
from components.args.like import like
from settings.sections.addons import Addons, KeyVaultSecrets
from settings.sections.audit import Audit
from settings.sections.cluster import ApiServer, Cluster
from settings.sections.groups import Group
from settings.sections.kured import Kured
from settings.sections.kured_prometheus import Monitoring, Prometheus
from settings.sections.maintenance import Maintenance, Window
from settings.sections.network import Network, Peering
from settings.sections.openings import Opening
from settings.sections.pools import Autoscaling, Pool, Upgrade
from settings.sections.registries import Registry
from settings.sections.teams import CustomRole, PolicyRule, Quota, Team, TeamGroup
from settings.subnets import Subnet
from tests.components.helpers import SUBNET, WORKSPACE, run
from tests.settings.helpers import good

INIT = Path(components.__file__)
ARGS = [name for name in components.__all__ if name.endswith("Args")]
SAID_BY: dict[str, Any] = {
    "AddonsArgs": Addons,
    "ApiServerArgs": ApiServer,
    "AuditArgs": Audit,
    "AutoscalingArgs": Autoscaling,
    "ControlPlaneArgs": Cluster,
    "CustomRoleArgs": CustomRole,
    "GroupArgs": Group,
    "KeyVaultSecretsArgs": KeyVaultSecrets,
    "KuredArgs": Kured,
    "MaintenanceArgs": Maintenance,
    "NetworkArgs": Network,
    "OpeningArgs": Opening,
    "PeeringArgs": Peering,
    "PolicyRuleArgs": PolicyRule,
    "PoolArgs": Pool,
    "QuotaArgs": Quota,
    "RebootAlertsArgs": Prometheus,
    "RebootMetricsArgs": Monitoring,
    "RegistryArgs": Registry,
    "TeamArgs": Team,
    "TeamGroupArgs": TeamGroup,
    "UpgradeArgs": Upgrade,
    "WindowArgs": Window,
}
"""The section of a stack file that says the same."""
ALONE = {"private_dns_zone_id", "label"}
"""Arguments that a stack file has no words for."""
COMPUTED = {"trusted_launch", "fips"}
"""What a stack file works out from the VM size and the image."""


def imported() -> set[str]:
    [block] = [node for node in ast.parse(INIT.read_text()).body if isinstance(node, ast.If)]
    return {alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}


def test_every_name_is_there_for_people_for_type_checkers_and_at_run_time() -> None:
    assert imported() == set(components.__all__)
    assert list(components.__all__) == sorted(components.__all__)
    for name in components.__all__:
        assert getattr(components, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'Cluster'"):
        _ = components.Cluster  # pyright: ignore[reportAttributeAccessIssue]


def test_the_reference_is_fresh_and_says_something_of_everything() -> None:
    text = reference.render()
    assert reference.PAGE.read_text() == text, "run `python -m components.reference`"
    assert "|  |\n" not in text
    assert set(components.__all__) == {line[3:] for line in text.splitlines() if line.startswith("## ")}


@pytest.mark.parametrize("name", ARGS)
def test_names_and_ids_may_be_known_only_later(name: str) -> None:
    kind = getattr(components, name)
    assert is_dataclass(kind)
    for one in fields(kind):
        if one.name.endswith(("_id", "_name")):
            assert pulumi.Output in {getattr(part, "__origin__", part) for part in _parts(one.type)} or (
                "Output" in str(one.type)
            ), f"{name}.{one.name}"


def _parts(hint: Any) -> tuple[Any, ...]:
    return getattr(hint, "__args__", (hint,))


@pytest.mark.parametrize("name", SAID_BY)
def test_arguments_have_the_names_and_defaults_of_the_stack_file(name: str) -> None:
    kind, section = getattr(components, name), SAID_BY[name]
    for one in fields(kind):
        if one.name in ALONE:
            continue
        if one.name not in section.model_fields:
            assert isinstance(getattr(section, one.name), property), f"{name}.{one.name}"
            continue
        said = section.model_fields[one.name]
        if one.name in COMPUTED or (said.default is PydanticUndefined and one.default is MISSING):
            continue
        theirs = said.get_default(call_default_factory=True, validated_data={})
        ours = one.default if one.default_factory is MISSING else one.default_factory()
        if is_dataclass(type(ours)):
            assert like(type(ours), theirs) == like(type(ours), ours), f"{name}.{one.name}"
        elif isinstance(ours, str):
            assert str(theirs) == ours, f"{name}.{one.name}"
        else:
            assert theirs == ours, f"{name}.{one.name}"


def test_what_a_stack_says_becomes_arguments() -> None:
    stack = good({})
    pool = like(components.PoolArgs, stack.pools[0])
    assert (pool.version, pool.max_nodes, pool.surge_nodes) == (
        str(stack.pools[0].version),
        stack.pools[0].max_nodes,
        stack.pools[0].surge_nodes,
    )
    theirs = good({"pools[0].namespace": "payments", "pools[0].labels": {"a": "b"}}).pools[0]
    own = like(components.PoolArgs, theirs)
    assert (own.all_labels, own.all_taints) == (theirs.all_labels, [*theirs.all_taints])
    assert own.all_taints
    run_as = like(components.ControlPlaneArgs, stack.cluster)
    assert run_as.dns_ip == str(stack.cluster.dns_ip)
    assert run_as.pod_cidr == str(stack.cluster.pod_cidr)
    subnet = Subnet("nodes", "10.1.0.0/20", ("system",), "/x")
    assert like(components.SubnetArgs, subnet) == components.SubnetArgs(
        "nodes", "10.1.0.0/20", ["system"], "/x"
    )


PERCENT = st.integers(1, 100).map(lambda number: f"{number}%")


@given(
    least=st.integers(0, 1000),
    most=st.integers(1, 1000),
    surge=st.none() | st.integers(0, 1000).map(str) | PERCENT,
    priority=st.sampled_from(["Regular", "Spot"]),
)
def test_arguments_count_nodes_as_the_stack_file_does(
    least: int, most: int, surge: str | None, priority: str
) -> None:
    said = {
        "name": "a", "version": "1.35.6", "vm_size": "Standard_D4ds_v5", "os_sku": "Ubuntu2404", "priority": priority,
        "autoscaling": {"min": least, "max": most}, "upgrade": {"max_surge": surge},
    }  # fmt: skip
    theirs, ours = Pool.model_validate(said), like(components.PoolArgs, said)
    assert (ours.max_nodes, ours.surge_nodes, ours.is_spot) == (
        theirs.max_nodes,
        theirs.surge_nodes,
        theirs.is_spot,
    )


def test_a_key_that_is_none_is_told() -> None:
    with pytest.raises(TypeError, match=r"AutoscalingArgs has no least; it has max, min"):
        like(components.AutoscalingArgs, {"least": 1, "max": 2})


@pytest.mark.parametrize(
    ("more", "word"), [({}, "neither"), ({"count": 1, "autoscaling": {"min": 1, "max": 2}}, "both")]
)
def test_a_pool_says_how_many_nodes_it_has(more: dict[str, Any], word: str) -> None:
    said = {"name": "a", "version": "1.35.6", "vm_size": "Standard_D4ds_v5", "os_sku": "Ubuntu2404", **more}
    with pytest.raises(ValueError, match=rf"says {word} of .*autoscaling=AutoscalingArgs\(min=2, max=5\)"):
        like(components.PoolArgs, said)


def test_every_name_and_id_may_be_another_resources_output() -> None:
    """At the first preview nothing of them is known, and everything is registered all the same."""

    def program() -> None:
        later = resources.ResourceGroup("group").id
        pool = components.PoolArgs(later, "1.35.6", "Standard_D4ds_v5", "Ubuntu2404", count=3, mode="System")
        run_as = components.ControlPlaneArgs(
            later, "1.35.6", api_server=components.ApiServerArgs(private_dns_zone_id=later), tenant_id=later, node_resource_group=later
        )  # fmt: skip
        cluster = components.AksCluster("c", components.AksClusterArgs(later, run_as, pool, later, later))
        args = components.NodePoolArgs(later, later, pool, later, after=cluster.system_pool)
        components.NodePool("p", args)
        components.AuditLog("a", components.AuditLogArgs(later, later)).record(cluster.id)
        registry = components.RegistryArgs("images", name=later)
        components.RegistryAccess(
            "r", components.RegistryAccessArgs(later, [registry], cluster.kubelet_object_id)
        )
        access = [components.AzureAccessArgs("role", later, "vault")]
        identities = [
            components.TeamIdentityArgs("made", later, access=access),
            components.TeamIdentityArgs("found", later, later),
        ]
        groups = [components.TeamGroupArgs("devs", "developer", later)]
        team = components.TeamArgs("payments", groups, identities=identities)
        components.TeamAccess(
            "t", components.TeamAccessArgs(team, cluster.id, resource_group_name=later, issuer=later)
        )
        metrics = components.RebootMetricsArgs("azure-monitor", workspace_id=later)
        told = components.KuredArgs(notify_url=later, monitoring=metrics)
        place = components.RuleGroupArgs(later, later, cluster.id, action_groups=[later])
        components.NodeReboots("k", components.NodeRebootsArgs(told, rules=place, deployers=[later]))

    done = run(program, dry_run=True)
    assert {one.type.rsplit(":", 1)[-1] for one in done.registered} >= {
        "ManagedCluster", "AgentPool", "Deployment", "Workspace", "Registry", "RoleAssignment", "DiagnosticSetting",
        "RoleBinding", "ServiceAccount", "FederatedIdentityCredential", "Secret", "PrometheusRuleGroup",
    }  # fmt: skip


def test_two_of_everything_in_a_program() -> None:
    def program() -> None:
        for name in ("one", "two"):
            pool = components.PoolArgs(
                "system", "1.35.6", "Standard_D4ds_v5", "Ubuntu2404", count=3, mode="System"
            )
            subnets = [components.SubnetArgs("nodes", "10.1.0.0/20", ["system"])]
            network = components.ClusterNetwork(
                name, components.ClusterNetworkArgs("rg", f"vnet-{name}", subnets, "10.1.0.0/16", network=components.NetworkArgs({"runners": "10.1.16.0/24"}, peerings=[components.PeeringArgs(SUBNET.rsplit("/subnets", 1)[0])]))
            )  # fmt: skip
            run_as = components.ControlPlaneArgs(f"aks-{name}", "1.35.6")
            args = components.AksClusterArgs("rg", run_as, pool, network.subnet_ids["nodes"], WORKSPACE)
            cluster = components.AksCluster(name, args)
            components.AuditLog(name, components.AuditLogArgs("rg", f"log-{name}")).record(cluster.id)
            registries = [components.RegistryArgs("images", name=f"images{name}")]
            components.RegistryAccess(
                name, components.RegistryAccessArgs("rg", registries, cluster.kubelet_object_id)
            )
            windows = {"releases": {"weekly": {"day": "Sunday"}, "start_time": "08:00", "hours": 8}}
            maintenance = like(components.MaintenanceArgs, windows)
            components.MaintenanceWindows(
                name, components.MaintenanceWindowsArgs("rg", f"aks-{name}", maintenance, cluster)
            )
            inside = pulumi.ResourceOptions(provider=cluster.provider)
            components.Namespace(f"{name}-shared", opts=inside, namespace="shared")
            identity = components.TeamIdentityArgs(
                "api", f"id-{name}-api", access=[components.AzureAccessArgs("r", WORKSPACE)]
            )
            team = components.TeamArgs(
                "payments", [components.TeamGroupArgs("devs", "developer")], identities=[identity]
            )
            components.TeamAccess(
                f"{name}-payments", components.TeamAccessArgs(team, cluster.id, issuer=cluster.issuer), inside
            )
            told = components.KuredArgs(
                notify_url="slack://a@b", monitoring=components.RebootMetricsArgs("prometheus-operator")
            )
            components.NodeReboots(
                f"{name}-reboots", components.NodeRebootsArgs(told, deployers=["d"]), inside
            )
            loaded = [
                components.ProfileArgs("seccomp", "hardened", "{}"),
                components.ProfileArgs("apparmor", "shut", ""),
            ]
            components.SecurityProfiles(
                f"{name}-profiles", components.SecurityProfilesArgs(loaded, "image"), inside
            )

    done = run(program)
    urns = [one.urn for one in done.registered]
    assert len(done.of(":ManagedCluster")) == len(("one", "two"))
    assert [one.inputs["metadata"]["name"] for one in done.of(":Namespace")].count("payments") == len(
        ("one", "two")
    )
    assert len(done.of("index/group:Group")) == 1
    assert sorted({urn for urn in urns if urns.count(urn) > 1}) == []
