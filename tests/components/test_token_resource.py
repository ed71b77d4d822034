"""Resources by their type token, and what is made of them."""

from importlib.metadata import version

import pulumi
import pytest
from pulumi_azure_native import resources

from components.namespace import POD_SECURITY_VERSION, Namespace, pod_security_labels
from components.parts.azure_role import NETWORK_CONTRIBUTOR, RoleAssignment, role_definition_id
from components.parts.ordering import once
from components.parts.token_resource import PATCH_FORCE, KubernetesObject, TokenResource, owned
from tests.components.helpers import SUBSCRIPTION, depends_on, run


def test_typed_and_untyped_resources_share_one_provider():
    def program():
        resources.ResourceGroup("typed")
        TokenResource("azure-native:network:VirtualNetwork", "untyped", {})

    typed, untyped = run(program).registered

    assert untyped.request.version == typed.request.version == version("pulumi-azure-native")


@pytest.mark.parametrize(
    ("group_version", "token"),
    [
        ("v1", "core/v1"),
        ("apps/v1", "apps/v1"),
        ("rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1"),
    ],
)
def test_kubernetes_token_is_the_sdks(group_version, token):
    manifest = {"apiVersion": group_version, "kind": "Thing", "metadata": {"name": "x"}}
    (thing,) = run(lambda: KubernetesObject("thing", manifest)).registered

    assert thing.type == f"kubernetes:{token}:Thing"
    assert thing.inputs == owned(manifest)


def test_an_object_keeps_its_annotations_and_is_applied_with_force():
    metadata = {"name": "x", "annotations": {"a": "b"}}
    manifest = {"apiVersion": "v1", "kind": "Thing", "metadata": metadata}
    (thing,) = run(lambda: KubernetesObject("thing", manifest)).registered

    assert thing.inputs["metadata"]["annotations"] == {"a": "b", PATCH_FORCE: "true"}
    assert metadata == {"name": "x", "annotations": {"a": "b"}}


def test_options_are_kept():
    done = run(
        lambda: TokenResource("azure-native:network:Subnet", "x", {}, pulumi.ResourceOptions(protect=True))
    )

    assert done.one(":Subnet").request.protect


def test_namespace_is_restricted_unless_told():
    metadata = run(lambda: Namespace("team")).one(":Namespace").inputs["metadata"]

    assert metadata["name"] == "team"
    for mode in ("enforce", "audit", "warn"):
        assert metadata["labels"][f"pod-security.kubernetes.io/{mode}"] == "restricted"
        assert metadata["labels"][f"pod-security.kubernetes.io/{mode}-version"] == POD_SECURITY_VERSION


def test_a_label_cannot_weaken_the_level():
    labels = {"pod-security.kubernetes.io/enforce": "privileged", "team": "a"}
    metadata = run(lambda: Namespace("team", labels=labels)).one(":Namespace").inputs["metadata"]

    assert metadata["labels"] == {"team": "a", **pod_security_labels("restricted")}


def test_role_is_assigned_in_the_subscription_of_its_scope():
    scope = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    done = run(lambda: RoleAssignment("join", NETWORK_CONTRIBUTOR, scope, ("object-id", "Group")))

    assert done.one(":RoleAssignment").inputs == {
        "scope": scope,
        "roleDefinitionId": role_definition_id(scope, NETWORK_CONTRIBUTOR),
        "principalId": "object-id",
        "principalType": "Group",
    }


def test_value_of_a_resource_to_wait_for_is_known_at_preview():
    def program():
        group = resources.ResourceGroup("group", resource_group_name="rg")
        resources.Deployment(
            "later",
            resource_group_name=once(group, "rg"),
            properties={"mode": resources.DeploymentMode.INCREMENTAL},
        )

    done = run(program, dry_run=True)

    assert done.one(":Deployment").inputs["resourceGroupName"] == "rg"
    assert depends_on(done.one(":Deployment"), done.one(":ResourceGroup"))
