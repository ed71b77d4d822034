"""Backups: what goes to Azure of them, who gets which role, and what is left when the cluster is gone."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pulumi
import pytest

from components.backup import OPERATOR, Backup, principal_of
from components.parts.azure_role import CONTRIBUTOR
from components.parts.backup_bodies import policy_body
from components.program.from_stack import FromStack
from emulator.azure.errors import ArmError
from emulator.cloud.cloud import Cloud
from settings.sections.features.backup import Backup as Said
from settings.sections.stack import StackSettings
from tests.asked.keys import FOLDER, config
from tests.asked.life import OnArm, program, stand_there
from tests.components.helpers import SUBSCRIPTION, run
from tests.emulator.azure_provider import Azure, refused
from tests.settings.helpers import stack as stack_file

SAID = {
    "vaultGroup": "vaults",
    "snapshotGroup": "snapshots",
    "storageAccount": f"{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/backups",
    "container": "aks",
}
VAULTS = "Microsoft.DataProtection/backupVaults"


def rules(**more):
    return policy_body(Said.model_validate({**SAID, **more}))["policyRules"]


def kept(rules):
    return {
        one["name"]: (lifecycle["sourceDataStore"]["dataStoreType"], lifecycle["deleteAfter"]["duration"])
        for one in rules[1:]
        for lifecycle in one["lifecycles"]
    }


def test_the_first_backup_of_a_day_goes_to_the_vault_too():
    taken, *_ = found = rules()
    tags = {one["tagInfo"]["tagName"]: one.get("criteria") for one in taken["trigger"]["taggingCriteria"]}
    assert tags["Default"] is None
    assert tags["Vault"][0]["absoluteCriteria"] == ["FirstOfDay"]
    assert kept(found) == {"Default": ("OperationalStore", "P14D"), "Vault": ("VaultStore", "P30D")}


def test_without_days_in_the_vault_there_are_snapshots_alone():
    found = rules(vaultDays=None)
    assert kept(found) == {"Default": ("OperationalStore", "P14D")}
    assert len(found[0]["trigger"]["taggingCriteria"]) == 1


@pytest.mark.parametrize(("hours", "every"), [(4, "PT4H"), (12, "PT12H"), (24, "P1D")])
def test_how_often_is_said_as_azure_says_it(hours, every):
    [when] = rules(everyHours=hours, startTime="22:30")[0]["trigger"]["schedule"]["repeatingTimeIntervals"]
    assert when.endswith(f"T22:30:00+00:00/{every}")


@pytest.mark.parametrize(
    "change", [{"everyHours": 4}, {"startTime": "02:00"}, {"days": 3}, {"vaultDays": None}]
)
def test_a_policy_that_says_something_else_is_another_policy(change):
    assert Said.model_validate(SAID).policy != Said.model_validate({**SAID, **change}).policy


def test_whose_identity_makes_the_snapshots():
    class Identity:
        def __init__(self, own=None, named=None):
            self.principal_id, self.user_assigned_identities = own, named

    assert principal_of(Identity(own="system")) == "system"
    assert principal_of(Identity(named={"id": Identity(own="given")})) == "given"
    # At preview Azure's answer is not there yet, and the names stand in a list.
    assert principal_of(Identity(named=["id"])) == ""


@pytest.fixture(scope="module")
def lived():
    said, azure = config(FOLDER / "around.yaml"), Azure(Cloud())
    stand_there(azure, said)
    answers = OnArm(azure)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
        done = program(said, "around", answers)
    [lock] = [made for (type_, _), made in answers.made.items() if type_.endswith("ManagementLockByScope")]
    azure.delete(lock)
    return done, answers, azure


def test_the_vault_keeps_what_is_deleted_and_lets_nobody_delete_before_the_time(lived):
    _, _, azure = lived
    [vault] = azure.cloud.of_type(VAULTS)
    security = vault.properties["properties"]["securitySettings"]
    assert vault.id.split("/")[4] == "vaults"
    assert security["softDeleteSettings"] == {"state": "On", "retentionDurationInDays": 14}
    assert security["immutabilitySettings"] == {"state": "Unlocked"}


@pytest.mark.parametrize("environment", ["prod", "dev"])
def test_what_is_backed_up_is_protected_in_prod(environment, monkeypatch):
    monkeypatch.setattr(Backup, "_principal", lambda *_: pulumi.Output.from_input("vault"))
    stack = StackSettings.model_validate(
        {"location": "westeurope", **stack_file({"environment": environment, "cluster.backup": SAID})}
    )
    cluster: Any = SimpleNamespace(
        id=f"{SUBSCRIPTION}/resourceGroups/rg/aks", managed_cluster=SimpleNamespace(identity=MagicMock())
    )

    def made():
        args = FromStack(stack, "rg", {}).backup(cluster, [])
        assert args
        Backup("backup", replace(args, cluster_principal_id="x"))

    done = run(made)
    assert done.one(":BackupInstance").request.protect == (environment == "prod")


def test_the_account_is_reached_without_a_key(lived):
    done, _, _ = lived
    [extension] = [one for one in done.of(":Extension") if one.name == "backup-extension"]
    settings = extension.inputs["configurationSettings"]
    prefix = "configuration.backupStorageLocation."
    assert settings[f"{prefix}config.useAAD"] == "true"
    assert settings[f"{prefix}config.storageAccountURI"] == "https://contosobackups.blob.core.windows.net/"
    assert settings[f"{prefix}bucket"] == "aks-around"
    assert "configurationProtectedSettings" not in extension.inputs


def test_contributor_is_given_on_the_snapshots_alone(lived):
    done, _, _ = lived
    scopes = {
        one.name: one.inputs["scope"]
        for one in done.of(":RoleAssignment")
        if one.inputs["roleDefinitionId"].endswith(CONTRIBUTOR)
    }
    assert {name: scope.split("/")[3:] for name, scope in scopes.items()} == {
        "backup-cluster-snapshots": ["resourceGroups", "snapshots"]
    }


def test_the_vault_has_azure_backups_own_role_in_the_cluster_and_no_other(lived):
    done, _, azure = lived
    access = done.one(":TrustedAccessRoleBinding").inputs
    assert access["roles"] == [OPERATOR]
    assert access["sourceResourceId"] == azure.cloud.of_type(VAULTS)[0].id


def test_what_is_backed_up_is_said_by_namespace(lived):
    done, _, _ = lived
    [what] = done.one(":BackupInstance").inputs["properties"]["policyInfo"]["policyParameters"][
        "backupDatasourceParametersList"
    ]
    assert (what["includedNamespaces"], what["excludedNamespaces"]) == (["payments"], [])
    assert what["snapshotVolumes"] is True


def test_it_comes_after_what_judges_pods(lived):
    done, _, _ = lived
    policies = {one.urn for one in done.of(":ValidatingAdmissionPolicyBinding")}
    [extension] = [one for one in done.of(":Extension") if one.name == "backup-extension"]
    assert policies
    assert policies <= extension.dependencies


@pytest.mark.parametrize(
    "part", ["cluster-snapshots", "extension-account", "vault-cluster", "vault-disks", "vault-account"]
)
def test_azure_refuses_it_without_one_of_the_roles(lived, part):
    _, answers, azure = lived
    instance = answers.made["dataprotection:BackupInstance", "backup-instance"]
    role = answers.made["authorization:RoleAssignment", f"backup-{part}"]
    azure.delete(role)
    try:
        with refused("UserErrorMissingRequiredPermissions"):
            azure.update(instance, tags={"a": "b"})
    finally:
        azure.create(role.type, role.name, **role.inputs)


def test_what_is_for_ever_in_azure_is_so_here(lived):
    _, _, azure = lived
    locked = {"immutabilitySettings": {"state": "Locked"}, "softDeleteSettings": {"state": "AlwaysOn"}}
    said = {"storageSettings": [{"datastoreType": "VaultStore", "type": "GeoRedundant"}]}
    place = {"resourceGroupName": "vaults", "vaultName": "locked"}
    made = azure.create(
        "dataprotection:BackupVault", "v", **place, properties={**said, "securitySettings": locked}
    )
    for less in ({"immutabilitySettings": {"state": "Unlocked"}}, {"softDeleteSettings": {"state": "On"}}):
        with pytest.raises(ArmError, match="Irreversible"):
            azure.update(made, properties={**said, "securitySettings": {**locked, **less}})


def test_a_stack_in_the_cloud_of_a_country_comes_up_with_its_hosts():
    said = config(FOLDER / "around.yaml") | {
        "azure-native:location": "usgovvirginia",
        "azure-native:environment": "usgovernment",
    }
    said = json.loads(
        json.dumps(said).replace("westeurope.azmk8s.io", "usgovvirginia.cx.aks.containerservice.azure.us")
    )
    azure = Azure(Cloud(), location="usgovvirginia")
    stand_there(azure, said)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
        done = program(said, "around", OnArm(azure))
    [extension] = [one for one in done.of(":Extension") if one.name == "backup-extension"]
    uri = extension.inputs["configurationSettings"][
        "configuration.backupStorageLocation.config.storageAccountURI"
    ]
    assert uri == "https://contosobackups.blob.core.usgovcloudapi.net/"
