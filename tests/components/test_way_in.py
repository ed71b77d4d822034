"""Whether anybody gets in, who they are, and what the nodes pull: as the program registers it."""

import re

import pulumi
import pytest

from components.access.cluster_roles import DEPLOYERS, READERS
from components.args.like import like
from components.args.network import NetworkArgs, SubnetArgs
from components.args.registries import RegistryArgs
from components.cluster_groups import ClusterGroups, ClusterGroupsArgs
from components.cluster_network import ClusterNetwork, ClusterNetworkArgs
from components.cluster_rights import ClusterRights, ClusterRightsArgs
from components.parts.earlier import FURTHER
from components.parts.time_limits import cluster_time_limits, pool_minutes, pool_time_limits
from components.program.refused import fail_if_refused
from components.program.resource_group import resource_group
from components.program.way_in import check_way_in
from components.registry_access import RegistryAccess, RegistryAccessArgs
from settings.sections.network import Network
from settings.sections.registries import Registry
from tests.components.helpers import SUBSCRIPTION, depends_on, run
from tests.settings.helpers import good

SOMEBODY = "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"
HUB = f"{SUBSCRIPTION}/resourceGroups/hub-rg/providers/Microsoft.Network/virtualNetworks/hub"
WAY = {"network.runnerSubnet": "10.60.255.0/27", "cluster.deployers": [{"name": "d", "members": [SOMEBODY]}]}


@pytest.fixture
def told(monkeypatch):
    """What the program says at each level."""
    said: dict[str, list[str]] = {"info": [], "warn": [], "error": []}
    for level, texts in said.items():
        monkeypatch.setattr(pulumi.log, level, lambda text, *_, texts=texts: texts.append(text))
    return said


PAYMENTS = "urn:pulumi:dev::secure-aks::secure-aks:index:TeamAccess$kubernetes:core/v1:Namespace::payments"


def check(changes, *, versions=None, state=None, dry_run=True):
    def program():
        check_way_in(good(changes), pulumi.Output.from_input(versions))
        fail_if_refused()

    run(program, dry_run=dry_run, state=state)


def test_a_preview_says_how_the_api_server_is_reached(told):
    check({**WAY, "cluster.bootstrap": True})
    assert told["info"] == [
        "the private API server is reached from machines in 10.60.255.0/27 (network.runnerSubnet)"
    ]
    assert told["warn"] == told["error"] == []


def test_a_preview_refuses_and_goes_on_to_fail_and_an_up_stops(told):
    with pytest.raises(pulumi.RunError, match="as said above"):
        check({})
    said = "\n".join(told["error"])
    assert re.findall(r"(?m)^secure-aks:\S+", said) == [
        "secure-aks:cluster.apiServer.access",
        "secure-aks:cluster.deployers",
    ]
    with pytest.raises(pulumi.RunError, match="no machine could reach it"):
        check({}, dry_run=False)


def test_the_first_up_of_deployers_needs_them_as_administrators_and_later_ones_do_not(told):
    check(WAY)
    assert "write `bootstrap: true`" in told["warn"].pop()
    check({**WAY, "cluster.bootstrap": True}, versions={"schema": 1})
    assert "remove the line" in told["warn"].pop()
    check(WAY, versions={"schema": 1})
    assert told["warn"] == []


def test_going_back_to_the_first_half_would_delete_the_second(told):
    later = {**WAY, "cluster.inside": "later"}
    check(later, state={})
    assert "only Azure's half" in told["warn"].pop()
    assert told["error"] == []
    state = {PAYMENTS: {"type": "kubernetes:core/v1:Namespace", "outputs": {"metadata": {"name": "pay"}}}}
    with pytest.raises(pulumi.RunError, match="as said above"):
        check(later, state=state)
    assert "would delete it, the namespaces pay with all" in told["error"][0]
    with pytest.raises(pulumi.RunError, match="would delete it, the namespaces pay with all"):
        check(later, state=state, dry_run=False)
    other = PAYMENTS.replace("::secure-aks:index:TeamAccess", f"::{FURTHER}$secure-aks:index:TeamAccess")
    assert other != PAYMENTS
    check(later, state={other: state[PAYMENTS]}, dry_run=False)


def test_deployers_administer_a_new_cluster_alone(cluster_settings):
    groups = {
        "deployers": [{"name": "d", "members": [SOMEBODY]}],
        "readers": [{"name": "r", "object_id": SOMEBODY}],
    }
    for bootstrap in (True, False):
        counted = []

        def program(bootstrap=bootstrap, counted=counted):
            made = ClusterGroups("groups", ClusterGroupsArgs(cluster_settings(**groups, bootstrap=bootstrap)))
            made.admit("/subscriptions/1/cluster")
            counted.append(len(made.administrators))

        done = run(program)
        assert counted == [int(bootstrap)]
        assert [one.name for one in done.of(":Group")] == ["d"]
        assert {role.inputs["scope"] for role in done.of(":RoleAssignment")} == {"/subscriptions/1/cluster"}


def test_rights_are_bound_to_groups_by_id_and_go_last():
    done = run(lambda: ClusterRights("rights", ClusterRightsArgs({"d": "id-d"}, {"r": "id-r"})))
    subjects = {
        one.inputs["metadata"]["name"]: [subject["name"] for subject in one.inputs["subjects"]]
        for one in done.of(":ClusterRoleBinding")
    }
    assert subjects == {DEPLOYERS: ["id-d"], READERS: ["id-r"]}
    assert depends_on(
        done.one(":ClusterRoleBinding", f"{DEPLOYERS}-ClusterRoleBinding"),
        done.one(":ClusterRole", f"{DEPLOYERS}-ClusterRole"),
    )
    assert not run(lambda: ClusterRights("rights", ClusterRightsArgs({}, {}))).of(":ClusterRole")


def test_nodes_may_pull_from_registries_that_exist_and_that_are_made():
    existing = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso"
    registries = [like(RegistryArgs, Registry(id=existing)), like(RegistryArgs, Registry(name="contosoaks"))]
    done = run(lambda: RegistryAccess("registries", RegistryAccessArgs("rg", registries, "kubelet")))
    made = done.one(":Registry").inputs
    assert (made["registryName"], made["adminUserEnabled"]) == ("contosoaks", False)
    first, second = done.of(":RoleAssignment")
    assert first.inputs["scope"] == existing
    assert second.inputs["scope"].endswith("/contosoaks")
    for role in (first, second):
        assert role.inputs["principalId"] == "kubelet"
        assert role.inputs["roleDefinitionId"].endswith("/7f951dda-4ed3-4680-a7ca-43fe172d538d")


def test_a_network_with_runners_an_api_server_and_a_peer():
    said = {
        "addressSpace": "10.60.0.0/16",
        "runnerSubnet": "10.60.255.0/27",
        "apiServerSubnet": "10.60.254.0/28",
    }
    network = Network.model_validate({**said, "peerings": [{"network": HUB}]}, by_alias=True)
    nodes = SubnetArgs("nodes", "10.60.0.0/20", ("system",))
    args = ClusterNetworkArgs(
        "rg", "vnet", [nodes], str(network.address_space), {}, like(NetworkArgs, network)
    )
    done = run(lambda: ClusterNetwork("network", args))
    subnets = {one.name: one.inputs for one in done.of(":Subnet")}
    assert {name: one["addressPrefix"] for name, one in subnets.items()} == {
        "nodes": "10.60.0.0/20",
        "runners": "10.60.255.0/27",
        "api-server": "10.60.254.0/28",
    }
    assert all(one["networkSecurityGroup"] for one in subnets.values())
    [delegation] = subnets["api-server"]["delegations"]
    assert delegation["serviceName"] == "Microsoft.ContainerService/managedClusters"
    assert "delegations" not in subnets["runners"]
    theirs, ours = done.of(":VirtualNetworkPeering")
    assert (ours.inputs["virtualNetworkName"], ours.inputs["remoteVirtualNetwork"]) == ("vnet", {"id": HUB})
    assert (theirs.inputs["resourceGroupName"], theirs.inputs["virtualNetworkName"]) == ("hub-rg", "hub")


def test_what_exists_is_not_made(cluster_settings):
    done = run(
        lambda: resource_group("cluster", cluster_settings(existing_resource_group="mine"), {}) and None
    )
    assert not done.of(":ResourceGroup")
    assert run(lambda: resource_group("cluster", cluster_settings(), {}) and None).one(":ResourceGroup")


@pytest.mark.parametrize(
    ("pool", "minutes"),
    [
        ({"autoscaling": {"min": 1, "max": 30}, "upgrade": {"max_surge": "33%"}}, 3 * (15 + 30 + 5)),
        (
            {"autoscaling": None, "count": 10, "upgrade": {"max_surge": "1", "drain_timeout_minutes": 60}},
            10 * 80,
        ),
        ({"count": 10, "autoscaling": None, "upgrade": {"max_surge": "0", "max_unavailable": "20%"}}, 5 * 50),
        ({"autoscaling": {"min": 0, "max": 20}, "priority": "Spot"}, 20 * 15),
    ],
)
def test_time_limits_are_those_of_the_slowest_upgrade(pool_settings, pool, minutes):
    assert pool_minutes(pool_settings(**pool)) == minutes
    assert pool_time_limits(pool_settings(**pool)).update == f"{max(minutes, 120)}m"
    assert cluster_time_limits(pool_settings(**pool)).create == f"{minutes + 120}m"
