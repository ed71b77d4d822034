"""One pool as a resource, in all its kinds."""

import pulumi
import pytest
from pulumi_azure_native import resources

from components.node_pool import NodePool, NodePoolArgs
from components.program.fixed import fixed_pool
from tests.components.helpers import depends_on, run


@pytest.fixture
def register(own_network):
    def make(*pools, **options):
        def program():
            previous = resources.ResourceGroup("before")
            subnets = own_network(*(pool.name for pool in pools)).pool_subnet_ids
            for pool in pools:
                args = NodePoolArgs(
                    "rg", "aks-test", pool, subnets[pool.name], previous, {"owner": "platform"}
                )
                previous = NodePool(pool.name, args)

        return run(program, **options)

    return make


@pytest.fixture
def inputs_of(register, pool_settings):
    def inputs(**changes):
        return register(pool_settings(**changes)).one(":AgentPool").inputs

    return inputs


def test_pool_has_a_full_version_of_its_own(inputs_of):
    inputs = inputs_of(version="1.34.9")

    assert inputs["orchestratorVersion"] == "1.34.9"
    assert (inputs["resourceGroupName"], inputs["resourceName"], inputs["agentPoolName"]) == (
        "rg",
        "aks-test",
        "general",
    )


AUTOSCALED = {"autoscaling": {"min": 2, "max": 9}}
POOL = "urn:pulumi:dev::secure-aks::secure-aks:index:NodePool"


def count_and_ignored(one):
    return one.inputs.get("count"), list(one.request.ignoreChanges)


@pytest.fixture
def again(register, pool_settings):
    """Register a pool once more, with the state that the first time left."""

    def register_again(first, **changes):
        state = {
            f"{POOL}$azure-native:containerservice:AgentPool::general": {"type": "", "outputs": {}},
            f"{POOL}::general": {"type": "", "outputs": first.outputs[first.one(":NodePool").urn]},
        }
        return register(pool_settings(**changes), state=state)

    return register_again


def test_autoscaled_pool_sends_a_count_at_creation_alone(register, pool_settings, again):
    made = register(pool_settings(**AUTOSCALED))
    inputs = made.one(":AgentPool").inputs

    assert (inputs["enableAutoScaling"], inputs["minCount"], inputs["maxCount"]) == (True, 2, 9)
    assert inputs["type"] == "VirtualMachineScaleSets", "without which a missing count is refused"
    # What is ignored goes along at creation; later the engine puts what the state has in its place.
    assert count_and_ignored(made.one(":AgentPool")) == (2, ["count"])
    assert count_and_ignored(again(made, **AUTOSCALED).one(":AgentPool")) == (2, ["count"])


@pytest.mark.parametrize(
    "changes",
    [
        {"autoscaling": {"min": 5, "max": 9}},
        {"version": "1.34.9", **AUTOSCALED},
        {"labels": {"a": "b"}, **AUTOSCALED},
        {"upgrade": {"max_surge": "1"}, **AUTOSCALED},
    ],
)
def test_request_that_changes_an_autoscaled_pool_has_no_count(register, pool_settings, again, changes):
    made = register(pool_settings(**AUTOSCALED))

    assert count_and_ignored(again(made, **changes).one(":AgentPool")) == (None, [])


def test_pool_made_by_a_version_that_sent_no_count_is_sent_none(register, pool_settings, again):
    made = register(pool_settings(**AUTOSCALED))
    made.outputs[made.one(":NodePool").urn].pop("sent")

    assert count_and_ignored(again(made, **AUTOSCALED).one(":AgentPool")) == (None, [])


def test_pool_that_is_gone_from_the_state_is_made_with_a_count(register, pool_settings):
    others = {f"{POOL}$azure-native:containerservice:AgentPool::other": {"type": "", "outputs": {}}}
    done = register(pool_settings(**AUTOSCALED), state=others)

    assert count_and_ignored(done.one(":AgentPool")) == (2, ["count"])


def test_autoscaling_switched_off_sends_the_declared_count(register, pool_settings, again):
    made = register(pool_settings(**AUTOSCALED))
    fixed = again(made, autoscaling=None, count=4)

    assert count_and_ignored(fixed.one(":AgentPool")) == (4, [])


def test_fixed_pool_sends_its_count_and_no_bounds(inputs_of):
    inputs = inputs_of(autoscaling=None, count=3)

    assert (inputs["enableAutoScaling"], inputs["count"]) == (False, 3)
    assert not {"minCount", "maxCount"} & set(inputs)


def test_nodes_are_secure_unless_told_otherwise(inputs_of):
    inputs = inputs_of()

    assert inputs["enableEncryptionAtHost"] is True
    assert inputs["enableNodePublicIP"] is False
    assert inputs["securityProfile"] == {
        "sshAccess": "Disabled",
        "enableSecureBoot": True,
        "enableVTPM": True,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"trusted_launch": False},
        {"vm_size": "Standard_D4pds_v5"},
        {"vm_size": "Standard_D4s_v5", "os_sku": "AzureLinux", "sandboxed": True},
        {"os_sku": "AzureLinux", "fips": True},
    ],
    ids=["told otherwise", "arm", "sandboxed", "fips"],
)
def test_no_trusted_launch_where_azure_has_none_is_said_outright(inputs_of, changes):
    profile = inputs_of(**changes)["securityProfile"]

    assert (profile["enableSecureBoot"], profile["enableVTPM"]) == (False, False)


def test_fips_is_fixed_on_windows_alone(pool_settings):
    windows = pool_settings(name="win", os_type="Windows", os_sku="Windows2025")

    assert "fips" not in fixed_pool(pool_settings(os_sku="AzureLinux", fips=True))
    assert fixed_pool(windows)["fips"] is True


def test_windows_has_its_fips_image_and_no_security_profile(inputs_of):
    inputs = inputs_of(name="win", os_type="Windows", os_sku="Windows2025")

    assert inputs["enableFIPS"] is True
    assert "securityProfile" not in inputs


def test_a_node_that_does_not_drain_may_be_deleted_when_told(inputs_of):
    settings = inputs_of(upgrade={"undrainable_node_behavior": "Schedule"})["upgradeSettings"]

    assert settings["undrainableNodeBehavior"] == "Schedule"


def test_pool_is_waited_for_as_long_as_its_upgrade_may_take(register, pool_settings):
    slow = pool_settings(autoscaling=None, count=10, upgrade={"max_surge": "1", "drain_timeout_minutes": 60})
    said = register(slow).one(":AgentPool").request.customTimeouts

    assert {said.create, said.update, said.delete} == {f"{10 * (15 + 60 + 5)}m"}


def test_upgrade_surges_drains_and_soaks(inputs_of):
    upgrade = {"max_surge": "33%", "drain_timeout_minutes": 45, "node_soak_minutes": 10}

    assert inputs_of(upgrade=upgrade)["upgradeSettings"] == {
        "maxSurge": "33%",
        "drainTimeoutInMinutes": 45,
        "nodeSoakDurationInMinutes": 10,
        "undrainableNodeBehavior": "Cordon",
    }


def test_user_pool_may_have_nodes_missing_instead_and_a_system_pool_never(inputs_of):
    upgrade = {"max_surge": "0", "max_unavailable": "1"}

    assert inputs_of(upgrade=upgrade)["upgradeSettings"]["maxUnavailable"] == "1"
    assert "maxUnavailable" not in inputs_of(upgrade=upgrade, mode="System")["upgradeSettings"]


def test_labels_taints_and_zones_are_passed_on(inputs_of):
    inputs = inputs_of(labels={"workload": "memory"}, taints=["workload=memory:NoSchedule"], zones=["1", "3"])

    assert inputs["nodeLabels"] == {"workload": "memory"}
    assert inputs["nodeTaints"] == ["workload=memory:NoSchedule"]
    assert inputs["availabilityZones"] == ["1", "3"]


def test_removed_labels_and_taints_are_sent_as_empty(inputs_of):
    inputs = inputs_of()

    assert (inputs["nodeLabels"], inputs["nodeTaints"]) == ({}, [])


def test_region_without_zones_sends_none(inputs_of):
    assert "availabilityZones" not in inputs_of(zones=[])


def test_spot_pool_is_tainted_evicted_and_has_no_surge(inputs_of):
    inputs = inputs_of(priority="Spot", labels={"workload": "batch"}, taints=["a=b:NoSchedule"])

    assert (inputs["scaleSetPriority"], inputs["scaleSetEvictionPolicy"], inputs["spotMaxPrice"]) == (
        "Spot",
        "Delete",
        -1,
    )
    assert inputs["nodeTaints"] == ["a=b:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]
    assert inputs["nodeLabels"] == {"workload": "batch", "kubernetes.azure.com/scalesetpriority": "spot"}
    assert "upgradeSettings" not in inputs


def test_windows_pool_says_so_and_leaves_ssh_to_azure(inputs_of):
    inputs = inputs_of(name="win", os_type="Windows", os_sku="Windows2025")

    assert (inputs["osType"], inputs["osSKU"]) == ("Windows", "Windows2025")
    assert "securityProfile" not in inputs


def test_sandboxed_pool_runs_pods_in_virtual_machines(inputs_of):
    assert inputs_of(sandboxed=True, os_sku="AzureLinux")["workloadRuntime"] == "KataVmIsolation"
    assert "workloadRuntime" not in inputs_of()


def test_disks_and_fips_are_passed_on(inputs_of):
    inputs = inputs_of(
        os_disk_gb=128, os_disk_type="Ephemeral", fips=True, encryption_at_host=False, max_pods=60
    )

    assert (inputs["osDiskSizeGB"], inputs["osDiskType"], inputs["enableFIPS"]) == (128, "Ephemeral", True)
    assert (inputs["enableEncryptionAtHost"], inputs["maxPods"]) == (False, 60)


def test_pools_change_one_after_another(register, pool_settings):
    run = register(pool_settings(name="a"), pool_settings(name="b"), pool_settings(name="c"))
    before, a, b, c = run.one(":ResourceGroup"), *(run.one(":AgentPool", name) for name in "abc")

    assert depends_on(a, before)
    assert depends_on(b, a)
    assert depends_on(c, b)


def test_pool_is_never_deleted_to_make_room_for_its_replacement(register, pool_settings):
    request = register(pool_settings()).one(":AgentPool").request

    assert request.deleteBeforeReplaceDefined
    assert not request.deleteBeforeReplace


def test_component_is_the_parent_and_registers_the_version(register, pool_settings):
    run = register(pool_settings(version="1.35.6"))
    component = run.one(":NodePool")

    assert component.type == "secure-aks:index:NodePool"
    assert run.one(":AgentPool").request.parent == component.urn
    assert run.outputs[component.urn].keys() == {"version", "sent"}
    assert run.outputs[component.urn]["version"] == "1.35.6"


def test_tags_reach_azure(inputs_of):
    assert inputs_of()["tags"] == {"owner": "platform"}


def test_a_pool_that_fails_has_no_version(own_network, pool_settings, monkeypatch):
    """What is recorded as running must run."""
    monkeypatch.setattr("tests.components.helpers.Answers.new_resource", _refuse_pools)
    seen = []

    def program():
        before = resources.ResourceGroup("before")
        subnet_id = own_network("general").pool_subnet_ids["general"]
        args = NodePoolArgs("rg", "aks-test", pool_settings(), subnet_id, before)
        NodePool("general", args).version.apply(seen.append)

    with pytest.raises(Exception, match="409"):
        run(program)
    assert seen == []


def _refuse_pools(self, args):
    if args.typ.endswith(":AgentPool"):
        raise pulumi.RunError("409 another operation is in progress")
    return "id", args.inputs


def test_nodes_of_one_namespace_say_so_and_keep_others_away(inputs_of):
    inputs = inputs_of(namespace="partners", labels={"disk": "fast"}, taints=["disk=fast:NoSchedule"])
    assert inputs["nodeLabels"] == {"disk": "fast", "secure-aks/namespace": "partners"}
    assert inputs["nodeTaints"] == ["disk=fast:NoSchedule", "secure-aks/namespace=partners:NoSchedule"]
