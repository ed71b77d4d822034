"""An identity in Azure for the pods of one service account."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import managedidentity

from .args.like import like
from .args.teams import AzureAccessArgs
from .parts.azure_role import RoleAssignment
from .parts.existing_identity import existing_identity
from .parts.naming import group_and_name
from .parts.token_resource import KubernetesObject, TokenResource

AUDIENCE = "api://AzureADTokenExchange"
"""For whom the pods' tokens are: Entra, which gives one of Azure for them."""
_CLIENT_ID = "azure.workload.identity/client-id"


@dataclass(frozen=True)
class WorkloadIdentityArgs:
    """What it is made from."""

    resource_group_name: pulumi.Input[str]
    """Resource group to create the identity in."""
    identity_name: pulumi.Input[str]
    """Azure name of an identity to create, and of its trust in the service account."""
    namespace: str
    """Namespace of the service account."""
    service_account: str
    """Service account to make."""
    issuer: pulumi.Input[str]
    """The cluster's address as an issuer of tokens: its `issuer`."""
    access: Sequence[AzureAccessArgs] = ()
    """What the identity may do, each at one resource."""
    existing: pulumi.Input[str] | None = None
    """Resource id of an identity to use as it is; created unless set."""
    after: Sequence[pulumi.Resource] = ()
    """What the service account comes after, such as its namespace."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Azure tags of what is made."""
    account_label: str | None = None
    """What the service account is called in the program; `<name>-account` unless set."""


class WorkloadIdentity(pulumi.ComponentResource):
    """A managed identity that the tokens of one service account are good for, of this cluster and no other.

    Nobody keeps a secret: the API server signs the pod's token, and Entra trusts the cluster's issuer for one account.
    Pods that name the account log in with the label `azure.workload.identity/use: "true"`. Pass the cluster's Kubernetes
    provider in `opts`.
    """

    client_id: pulumi.Output[str]
    """The identity's client id."""

    def __init__(
        self, name: str, args: WorkloadIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:WorkloadIdentity", name, None, opts)
        args = like(WorkloadIdentityArgs, args)
        child = pulumi.ResourceOptions(parent=self)
        group, azure_name, client, principal = self._identity(name, args)
        trusted = TokenResource(
            "azure-native:managedidentity:FederatedIdentityCredential",
            name,
            {
                "resourceGroupName": group,
                "resourceName": azure_name,
                "federatedIdentityCredentialResourceName": self._credential_name(args),
                "issuer": args.issuer,
                "subject": f"system:serviceaccount:{args.namespace}:{args.service_account}",
                "audiences": [AUDIENCE],
            },
            child,
        )
        roles = [
            RoleAssignment(
                f"{name}-{one.label or _short(f'{one.role}{one.scope}'.lower())}",
                role=one.role,
                scope=one.scope,
                principal=(principal, "ServicePrincipal"),
                opts=child,
            )
            for one in args.access
        ]
        account = {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {
                "name": args.service_account,
                "namespace": args.namespace,
                "annotations": {_CLIENT_ID: client},
            },
            # The token for Azure is put in beside this one, which is for the API server.
            "automountServiceAccountToken": False,
        }
        after = pulumi.ResourceOptions(parent=self, depends_on=[trusted, *roles, *args.after])
        KubernetesObject(args.account_label or f"{name}-account", account, after)
        self.client_id = client
        self.register_outputs({"clientId": client})

    def _identity(
        self, name: str, args: WorkloadIdentityArgs
    ) -> tuple[pulumi.Input[str], pulumi.Input[str], pulumi.Output[str], pulumi.Output[str]]:
        """Return the identity's resource group, its name, its client id and its object id."""
        if args.existing is None:
            made = managedidentity.UserAssignedIdentity(
                name,
                resource_group_name=args.resource_group_name,
                resource_name_=args.identity_name,
                tags=dict(args.tags),
                opts=pulumi.ResourceOptions(parent=self),
            )
            return args.resource_group_name, made.name, made.client_id, made.principal_id
        place = pulumi.Output.from_input(args.existing).apply(group_and_name)
        client, principal = existing_identity(
            args.existing, "secure-aks:teams (`identities`)", "Managed Identity Contributor", self
        )
        return place[0], place[1], client, principal

    @staticmethod
    def _credential_name(args: WorkloadIdentityArgs) -> pulumi.Output[str]:
        """Return its name, with the cluster's: an identity that was brought may have one of each of several clusters."""
        return pulumi.Output.from_input(args.identity_name).apply(lambda name: name.removeprefix("id-")[:120])


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
