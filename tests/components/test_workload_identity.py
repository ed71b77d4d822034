"""An identity for one service account: whom it trusts, what it may do, and that nothing is wider."""

from typing import Any

import pulumi
import pytest

from components.args.teams import AzureAccessArgs
from components.workload_identity import WorkloadIdentity, WorkloadIdentityArgs
from tests.components.helpers import SUBSCRIPTION, Answers, azure_kubeconfig, depends_on, run

VAULT = f"{SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/payments"
OTHER = f"{SUBSCRIPTION}/resourceGroups/other/providers/Microsoft.KeyVault/vaults/payments"
OWN = f"{SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.ManagedIdentity/userAssignedIdentities/batch"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"


class Known(Answers):
    """An identity that exists, and one that is made, as Azure knows them."""

    def __init__(self):
        super().__init__(dry_run=False, last_outputs={}, kubeconfig=azure_kubeconfig())

    def new_resource(self, args):
        id_, outputs = super().new_resource(args)
        made = {"name": args.inputs.get("resourceName"), "clientId": "client-made"}
        return id_, {**outputs, **(made if args.typ.endswith(":UserAssignedIdentity") else {})}

    def call(self, args):
        assert args.token.endswith(":getUserAssignedIdentity"), args.token
        assert args.args == {"resourceGroupName": "shared", "resourceName": "batch"}
        return {"clientId": "client-found", "principalId": "principal-found"}, []


def register(**args):
    base: dict[str, Any] = {
        "resource_group_name": "rg",
        "identity_name": "id-aks-payments-api",
        "namespace": "payments",
        "service_account": "api",
        "issuer": "https://oidc.example/",
    }
    return run(
        lambda: WorkloadIdentity("payments-api", WorkloadIdentityArgs(**base | args)) and None,
        answers=Known(),
    )


def test_it_trusts_one_account_of_this_cluster_and_no_other():
    trusted = register().one(":FederatedIdentityCredential").inputs

    assert trusted["issuer"] == "https://oidc.example/"
    assert trusted["subject"] == "system:serviceaccount:payments:api"
    assert trusted["audiences"] == ["api://AzureADTokenExchange"]
    assert (trusted["resourceGroupName"], trusted["resourceName"]) == ("rg", "id-aks-payments-api")


def test_the_account_names_the_identity_and_comes_after_all_that_it_needs():
    done = register(access=[AzureAccessArgs(SECRETS_USER, VAULT)])
    account = done.one(":ServiceAccount")

    assert account.inputs["metadata"]["annotations"]["azure.workload.identity/client-id"] == "client-made"
    assert account.inputs["automountServiceAccountToken"] is False
    assert depends_on(account, done.one(":FederatedIdentityCredential"))
    assert depends_on(account, done.one(":RoleAssignment"))


def test_each_role_is_at_its_resource_and_there_is_no_other():
    done = register(access=[AzureAccessArgs(SECRETS_USER, VAULT), AzureAccessArgs(SECRETS_USER, OTHER)])
    given = {
        (one.inputs["scope"], one.inputs["roleDefinitionId"].rsplit("/", 1)[-1])
        for one in done.of(":RoleAssignment")
    }

    assert given == {(VAULT, SECRETS_USER), (OTHER, SECRETS_USER)}
    assert len({one.name for one in done.of(":RoleAssignment")}) == 2
    assert register().of(":RoleAssignment") == []


def test_an_identity_that_exists_is_used_where_it_is():
    done = register(existing=OWN, access=[AzureAccessArgs(SECRETS_USER, VAULT)])
    trusted = done.one(":FederatedIdentityCredential").inputs

    assert done.of(":UserAssignedIdentity") == []
    assert (trusted["resourceGroupName"], trusted["resourceName"]) == ("shared", "batch")
    assert done.one(":RoleAssignment").inputs["principalId"] == "principal-found"
    annotations = done.one(":ServiceAccount").inputs["metadata"]["annotations"]
    assert annotations["azure.workload.identity/client-id"] == "client-found"


def test_an_identity_that_azure_does_not_tell_is_said_with_its_setting(monkeypatch):
    refused = Exception('invocation of it returned an error: Status=403 Code="AuthorizationFailed"')
    monkeypatch.setattr(Known, "call", lambda *_: (_ for _ in ()).throw(refused))
    with pytest.raises(pulumi.RunError) as told:
        register(existing=OWN)
    assert str(told.value).splitlines() == [
        "secure-aks:teams (`identities`)",
        f'  {OWN} cannot be read: Status=403 Code="AuthorizationFailed"',
        "  -> name an identity that is there, and see that whoever runs `up` has the role Managed Identity Contributor on it",
    ]
