"""Azure role assignments with built-in roles."""

import pulumi

from .token_resource import TokenResource

CLUSTER_USER = "4abbcc35-e782-43d8-92c5-2d3f1bd2253f"
"""Azure Kubernetes Service Cluster User Role: may fetch the (exec) kubeconfig, no more."""
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
"""AcrPull: may pull images from a container registry."""
MANAGED_IDENTITY_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
"""Managed Identity Operator: may give an identity to the nodes."""
KEY_VAULT_CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
"""Key Vault Crypto User: may encrypt and decrypt with the keys of a vault."""
KEY_VAULT_CONTRIBUTOR = "f25e0fa2-a7c8-4377-a976-54943a77a395"
"""Key Vault Contributor: may join a private endpoint to a vault; it reads no key and no secret."""
MONITORING_DATA_READER = "b0d8363b-8ddd-447d-831f-62ca05bff136"
"""Monitoring Data Reader: reads the metrics of an Azure Monitor workspace."""
GRAFANA_ADMIN = "22926164-76b3-42b3-bc55-97df8dab3e41"
"""Grafana Admin: manages a managed Grafana, and who may what in it."""
GRAFANA_EDITOR = "a79a5197-3a5c-4973-a920-486035ffd60f"
"""Grafana Editor: writes its dashboards and alerts."""
GRAFANA_VIEWER = "60921a7e-fef1-4a43-9b16-a26c52ad4769"
"""Grafana Viewer: looks at its dashboards."""
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
"""Reader: sees a resource, and changes nothing."""
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
"""Contributor: changes whatever the scope holds; for snapshots in a group of their own, and nowhere else."""
DISK_SNAPSHOT_CONTRIBUTOR = "7efff54f-a5b4-42b5-a1c5-5411624893ce"
"""Disk Snapshot Contributor: makes, reads and deletes snapshots of disks."""
BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
"""Storage Blob Data Contributor: reads and writes blobs."""
BLOB_DATA_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
"""Storage Blob Data Reader: reads blobs."""
NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
"""Network Contributor: may join nodes and load balancers to a subnet."""
PRIVATE_DNS_ZONE_CONTRIBUTOR = "b12aa53e-6015-4669-85d0-8515ebb3ae7f"
"""Private DNS Zone Contributor: may write the records of a private zone, those of a private API server or of Ingresses."""
DNS_ZONE_CONTRIBUTOR = "befefa01-2a29-4197-83a8-272ff33ce314"
"""DNS Zone Contributor: may write the records of a zone on the internet."""


def role_definition_id(scope: str, role: str) -> str:
    """Return the full id of a built-in role in the subscription of a scope (a resource id).

    Azure answers with the subscription's form, so the short tenant form would show as a difference at every refresh.
    """
    _, _, subscription, *_ = scope.split("/")
    return f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"


class RoleAssignment(TokenResource):
    """One built-in role for one principal at one scope.

    `principal` is the object id and its type: "ServicePrincipal" (also for managed identities) or "Group". Without the
    type Azure would look the principal up, which fails while a new one is not yet known everywhere.
    """

    def __init__(
        self,
        name: str,
        role: str,
        scope: pulumi.Input[str],
        principal: tuple[pulumi.Input[str], str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        properties = {
            "scope": scope,
            "roleDefinitionId": pulumi.Output.from_input(scope).apply(
                lambda scope: role_definition_id(scope, role)
            ),
            "principalId": principal[0],
            "principalType": principal[1],
        }
        super().__init__("azure-native:authorization:RoleAssignment", name, properties, opts)
