"""Identities of teams' service accounts: one role at one resource, one identity an account."""

import pytest
from secure_aks_security.rules import load_rules

from settings.facts.data_files import read as data
from tests.settings.features.ids import CONTROL, IDENTITY, VAULT
from tests.settings.helpers import Case, good, refuse

PATH = "secure-aks:teams[0].identities"
SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555"
SECRETS = {"role": "Key Vault Secrets User", "scope": VAULT}


def having(*identities):
    return {"teams[0].identities": list(identities)}


def access(**changes):
    return having({"serviceAccount": "api", "access": [SECRETS | changes]})


CASES = [
    Case("every right", access(role="Owner"), f"{PATH}[0].access[0].role", "gives itself and others every right", "Key Vault Secrets User"),
    Case("every right by its id", access(role="8E3AF657-a8ff-443c-a75c-2fe8c4bcb635"), f"{PATH}[0].access[0].role", "Owner gives itself", "Key Vault Secrets User"),
    Case("a contributor", access(role="contributor"), f"{PATH}[0].access[0].role", "Contributor gives more than a workload needs", "for the data alone"),
    Case("a role that is none", access(role="Key Vault Secret User"), f"{PATH}[0].access[0].role", "no role is called 'Key Vault Secret User'", "did you mean `Key Vault Secrets User`?"),
    Case("a subscription", access(scope=SUBSCRIPTION), f"{PATH}[0].access[0].scope", "more than one resource", "Microsoft.KeyVault/vaults/<name>"),
    Case("a resource group", access(scope=f"{SUBSCRIPTION}/resourceGroups/shared"), f"{PATH}[0].access[0].scope", "more than one resource", "Microsoft.KeyVault/vaults/<name>"),
    Case("a management group", access(scope="/providers/Microsoft.Management/managementGroups/all"), f"{PATH}[0].access[0].scope", "more than one resource", "the id of one resource"),
    Case("a scope that is none", access(scope="kv"), f"{PATH}[0].access[0].scope", "not the resource id of anything", "the id of one resource"),
    Case("a role twice", having({"serviceAccount": "api", "access": [SECRETS, SECRETS | {"scope": VAULT.upper()}]}), f"{PATH}[0].access[1]", "gives this already", "once"),
    Case("an account twice", having({"serviceAccount": "api"}, {"serviceAccount": "api"}), f"{PATH}[1].serviceAccount", "already", "of its own"),
    Case("everybody's account", having({"serviceAccount": "default"}), f"{PATH}[0].serviceAccount", "every pod of the namespace", "name an account"),
    Case("an identity for two teams", having({"serviceAccount": "api", "identity": IDENTITY}) | {"teams[1].identities": [{"serviceAccount": "api", "identity": IDENTITY.upper()}]}, "secure-aks:teams[1].identities[0].identity", "of the team payments", "of its own"),
    Case("an identity for two accounts", having({"serviceAccount": "api", "identity": IDENTITY}, {"serviceAccount": "job", "identity": IDENTITY}), f"{PATH}[1].identity", "of another service account", "of its own"),
    Case("no identity's id", having({"serviceAccount": "api", "identity": VAULT}), f"{PATH}[0].identity", "not the resource id of a user-assigned identity", "userAssignedIdentities"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


def test_fine():
    settings = good(
        having(
            {"serviceAccount": "api", "access": [SECRETS, SECRETS | {"role": "Reader"}]},
            {
                "serviceAccount": "job",
                "identity": CONTROL,
                "access": [SECRETS | {"role": "f" * 8 + "-1234-1234-1234-123456789abc"}],
            },
        )
    )
    api, job = settings.teams[0].identities
    assert api.access[0].role_id == data("azure_roles")["roles"]["Key Vault Secrets User"]
    assert job.access[0].role_id.endswith("-123456789abc")


def test_names_in_azure_end_before_azures_limit_and_stay_apart():
    [one] = good(having({"serviceAccount": "a" * 63})).teams[0].identities
    names = {one.azure_name("aks", namespace) for namespace in ("b" * 63, "b" * 62 + "c")}
    assert len(names) == 2
    assert max(map(len, names)) <= 128


def test_every_named_role_can_be_written():
    for name in data("azure_roles")["roles"]:
        good(access(role=name))


def test_the_security_pack_refuses_what_is_refused_here():
    [rule] = [rule for rule in load_rules() if rule.id == "azure-wide-role"]
    assert all(id_ in rule.expression for id_ in data("azure_roles")["tooWide"].values())
