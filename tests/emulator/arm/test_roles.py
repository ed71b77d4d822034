"""Who may do what in Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.arm.authorization import roles
from emulator.azure.ids import guid
from tests.emulator.arm.wire import CLUSTER, GROUP, POOL, RESOURCES, SUB, cluster_body, pool_body
from tests.emulator.principals import sign_up

if TYPE_CHECKING:
    from tests.emulator.arm.wire import Wire

FORBIDDEN = (403, "AuthorizationFailed")
ASSIGNMENT = f"{SUB}/providers/Microsoft.Authorization/roleAssignments/{guid('assignment')}"


def test_a_reader_reads_and_changes_nothing(azure: Wire) -> None:
    reader = azure.cluster().pool().as_("a reader", roles=["Reader"])
    assert reader.get(CLUSTER)["name"] == "aks"
    assert reader.get(f"{CLUSTER}/upgradeProfiles/default")["name"] == "default"
    assert reader.refused("PUT", POOL, body=pool_body(count=5)) == FORBIDDEN
    assert reader.refused("DELETE", POOL) == FORBIDDEN
    assert reader.refused("POST", f"{CLUSTER}/stop") == FORBIDDEN
    assert reader.refused("POST", f"{CLUSTER}/listClusterUserCredential") == FORBIDDEN
    message = reader.ask("PUT", POOL, body=pool_body()).json()["error"]["message"]
    assert "'Microsoft.ContainerService/managedClusters/agentPools/write'" in message
    assert azure.get(POOL)["properties"]["count"] == 3


def test_whoever_has_no_role_sees_nothing(azure: Wire) -> None:
    nobody = azure.cluster().as_("nobody")
    for path, version in ((CLUSTER, "2025-09-01"), (GROUP, RESOURCES), (SUB, "2022-12-01")):
        assert nobody.refused("GET", path, version) == FORBIDDEN


def test_a_role_holds_at_its_scope_and_below(azure: Wire) -> None:
    azure.cluster()
    here = azure.as_("here", roles=["Contributor"], scope=GROUP)
    here.put(POOL, pool_body())
    assert here.get(GROUP, RESOURCES)["name"] == "rg"
    message = here.ask("GET", f"{SUB}/resourceGroups", RESOURCES).json()["error"]["message"]
    assert "'Microsoft.Resources/subscriptions/resourceGroups/read'" in message
    assert here.refused("GET", SUB, "2022-12-01") == FORBIDDEN
    elsewhere = azure.as_("elsewhere", roles=["Contributor"], scope=f"{SUB}/resourceGroups/rg2")
    assert elsewhere.refused("GET", CLUSTER) == FORBIDDEN


def test_a_contributor_gives_no_roles(azure: Wire) -> None:
    body = {
        "properties": {
            "roleDefinitionId": f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "principalId": guid("somebody"),
            "principalType": "User",
        }
    }
    contributor = azure.group().as_("a contributor", roles=["Contributor"])
    assert contributor.refused("PUT", ASSIGNMENT, "2022-04-01", body) == FORBIDDEN
    assert azure.put(ASSIGNMENT, body, "2022-04-01")["properties"]["scope"] == SUB


def test_the_roles_of_a_group_are_those_of_its_members(azure: Wire) -> None:
    azure.cluster()
    team = guid("team")
    body = {
        "properties": {
            "roleDefinitionId": f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
            "principalId": team,
            "principalType": "Group",
        }
    }
    azure.put(f"{CLUSTER}/providers/Microsoft.Authorization/roleAssignments/{guid('x')}", body, "2022-04-01")
    member = azure.as_("a member", groups=[team])
    assert member.ask("POST", f"{CLUSTER}/listClusterUserCredential", format="exec").status_code == 200
    assert member.refused("POST", f"{CLUSTER}/listClusterAdminCredential") == FORBIDDEN
    assert member.refused("GET", f"{CLUSTER}/agentPools") == FORBIDDEN


def test_assignments_are_listed_by_scope_and_by_principal(azure: Wire) -> None:
    azure.cluster()
    reader = azure.as_("a reader", roles=["Reader"], scope=GROUP)
    del reader
    path, version = "providers/Microsoft.Authorization/roleAssignments", "2022-04-01"
    at_cluster = azure.get(f"{CLUSTER}/{path}", version)["value"]
    assert [a["properties"]["scope"] for a in at_cluster] == [GROUP]
    principal = at_cluster[0]["properties"]["principalId"]
    filters = {"$filter": "atScope()"}
    assert azure.get(f"{SUB}/{path}", version, **filters)["value"] == []
    assert len(azure.get(f"{SUB}/{path}", version)["value"]) == 1
    filters = {"$filter": f"principalId eq '{principal}'"}
    assert len(azure.get(f"{SUB}/{path}", version, **filters)["value"]) == 1
    filters = {"$filter": "principalId eq '00000000-1111-2222-3333-444444444444'"}
    assert azure.get(f"{SUB}/{path}", version, **filters)["value"] == []
    filters: dict[str, Any] = {"$filter": "principalName eq 'x'"}
    assert azure.ask("GET", f"{SUB}/{path}", version, **filters).status_code == 400


def test_role_definitions_are_found_by_name(azure: Wire) -> None:
    path = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions"
    filters: dict[str, Any] = {"$filter": "roleName eq 'Reader'"}
    found = azure.get(path, "2022-04-01", **filters)["value"]
    assert [r["name"] for r in found] == ["acdd72a7-3385-48ef-bd42-f606fba81ae7"]
    assert azure.get(f"{path}/{found[0]['name']}", "2022-04-01")["properties"]["roleName"] == "Reader"
    unknown = f"{path}/00000000-1111-2222-3333-444444444444"
    assert azure.refused("GET", unknown, "2022-04-01") == (404, "RoleDefinitionDoesNotExist")


@pytest.mark.parametrize("name", [r.name for r in roles().values()])
def test_no_role_but_the_owners_may_do_everything(azure: Wire, name: str) -> None:
    caller = azure.cluster().as_("somebody", roles=[name])
    may_write = caller.ask("PUT", CLUSTER, body=cluster_body()).status_code == 200
    assert may_write == (name in {"Owner", "Contributor", "Azure Kubernetes Service Contributor Role"})


def test_a_role_that_is_not_known_cannot_be_given(azure: Wire) -> None:
    with pytest.raises(KeyError, match="Emperor"):
        sign_up(azure.server.cloud, "x", roles=["Emperor"])
