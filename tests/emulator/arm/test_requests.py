"""What every request has to have, and what the answers look like."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from emulator.azure.ids import TENANT
from emulator.entra import tokens
from emulator.entra.directory import OWNER
from emulator.entra.keys import SigningKey
from tests.emulator.arm.wire import (
    AKS,
    AKS_SERVER,
    CLUSTER,
    GROUP,
    POOL,
    RESOURCES,
    SUB,
    cluster_body,
    pool_body,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.arm.wire import Wire

OTHER = "00000000-1111-2222-3333-444444444444"


@pytest.mark.parametrize(
    ("version", "code"),
    [
        (None, "MissingApiVersionParameter"),
        ("latest", "InvalidApiVersionParameter"),
        ("2099-01-01", "NoRegisteredProviderFound"),
        ("2024-09-02-preview", "NoRegisteredProviderFound"),
    ],
)
def test_an_api_version_that_there_is_has_to_be_named(azure: Wire, version: str | None, code: str) -> None:
    azure.cluster()
    assert azure.refused("GET", CLUSTER, version) == (400, code)
    assert azure.get(CLUSTER, "2025-09-01")["name"] == "aks"


def test_without_a_token_comes_a_challenge(azure: Wire) -> None:
    answer = azure.ask("GET", CLUSTER, token="")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AuthenticationFailed")
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith(f'Bearer authorization_uri="https://login.microsoftonline.com/{TENANT}"')


def test_tokens_that_are_no_good_are_refused_each_in_its_word(azure: Wire, tmp_path: Path) -> None:
    own = SigningKey(tmp_path / "lab" / "arm")
    audience = tokens.ARM_AUDIENCES[0]
    over = tokens.issue(own, TENANT, OWNER, audience, (), seconds=-5)
    stranger = tokens.issue(own, OTHER, OWNER, audience, ())
    (tmp_path / "other").mkdir()
    forged = tokens.issue(SigningKey(tmp_path / "other"), TENANT, OWNER, audience, ())
    unsigned = jwt.encode({"oid": OWNER.object_id}, "", algorithm="none")
    refused = {
        "over": (over, "ExpiredAuthenticationToken"),
        "stranger": (stranger, "InvalidAuthenticationTokenTenant"),
        "forged": (forged, "InvalidAuthenticationToken"),
        "unsigned": (unsigned, "InvalidAuthenticationToken"),
        "garbage": ("abc", "InvalidAuthenticationToken"),
        "for AKS": (azure.token(f"{AKS_SERVER}/.default"), "InvalidAuthenticationTokenAudience"),
    }
    found = {
        name: azure.refused("GET", SUB, "2022-12-01", token=token) for name, (token, _) in refused.items()
    }
    assert found == {name: (401, code) for name, (_, code) in refused.items()}


def test_what_is_not_there_is_told_apart(azure: Wire) -> None:
    assert azure.refused("GET", GROUP, RESOURCES) == (404, "ResourceGroupNotFound")
    assert azure.refused("GET", CLUSTER) == (404, "ResourceGroupNotFound")
    azure.group()
    assert azure.refused("GET", CLUSTER) == (404, "ResourceNotFound")
    assert azure.refused("GET", f"{CLUSTER}/agentPools") == (404, "ParentResourceNotFound")
    assert azure.refused("PUT", POOL, body=pool_body()) == (404, "ParentResourceNotFound")
    azure.cluster()
    assert azure.refused("GET", POOL) == (404, "NotFound")
    assert azure.refused("GET", f"{CLUSTER}/upgradeProfiles/other") == (404, "NotFound")
    assert azure.refused("GET", f"/subscriptions/{OTHER}", "2022-12-01") == (404, "SubscriptionNotFound")
    assert azure.refused("GET", "/subscriptions/mine", "2022-12-01") == (400, "InvalidSubscriptionId")
    assert azure.refused("GET", f"{GROUP}/providers/Microsoft.Nothing/things/x") == (
        404,
        "InvalidResourceType",
    )
    assert azure.refused("POST", f"{CLUSTER}/dance") == (404, "NotFound")
    assert azure.refused("POST", CLUSTER)[0] in (404, 405)


def test_names_are_found_in_any_case_and_shown_as_they_were_made(azure: Wire) -> None:
    azure.cluster()
    assert azure.get(CLUSTER.upper().replace("/SUBSCRIPTIONS/", "/subscriptions/"))["id"] == CLUSTER


def test_a_body_is_an_object(azure: Wire) -> None:
    azure.group()
    assert azure.refused("PUT", CLUSTER, body=["x"]) == (400, "InvalidRequestContent")
    assert azure.refused("PUT", CLUSTER, body={"properties": "x"}) == (400, "InvalidRequestContent")
    assert azure.refused("PUT", CLUSTER, body=cluster_body() | {"location": None}) == (
        400,
        "LocationRequired",
    )


def test_a_resource_stays_where_it_is(azure: Wire) -> None:
    azure.cluster()
    elsewhere = cluster_body() | {"location": "northeurope"}
    assert azure.refused("PUT", CLUSTER, body=elsewhere) == (409, "InvalidResourceLocation")
    azure.put(CLUSTER, cluster_body() | {"location": "West Europe"})


def test_an_etag_guards_a_change(azure: Wire) -> None:
    tag = azure.cluster().get(CLUSTER)["eTag"]
    old = azure.ask("PUT", CLUSTER, AKS, cluster_body(), headers={"If-Match": '"something else"'})
    assert (old.status_code, old.json()["error"]["code"]) == (412, "PreconditionFailed")
    there = azure.ask("PUT", CLUSTER, AKS, cluster_body(), headers={"If-None-Match": "*"})
    assert there.status_code == 412
    assert azure.ask("PUT", CLUSTER, AKS, cluster_body(), headers={"If-Match": tag}).status_code == 200


def test_a_patch_of_a_cluster_changes_its_tags_alone(azure: Wire) -> None:
    azure.cluster()
    answer = azure.ask("PATCH", CLUSTER, AKS, {"tags": {"team": "web"}})
    assert answer.status_code == 200
    assert azure.get(CLUSTER)["tags"] == {"team": "web"}
    assert azure.get(CLUSTER)["properties"]["kubernetesVersion"] == "1.35.5"
    wanted = {"properties": {"kubernetesVersion": "1.35.6"}}
    assert azure.refused("PATCH", CLUSTER, body=wanted) == (400, "InvalidParameter")


def test_every_answer_has_an_id_of_its_own(azure: Wire) -> None:
    first, second = (
        azure.ask("GET", SUB, "2022-12-01", headers={"x-ms-client-request-id": "mine"}) for _ in range(2)
    )
    assert first.headers["x-ms-request-id"] != second.headers["x-ms-request-id"]
    assert first.headers["x-ms-client-request-id"] == "mine"


def test_long_lists_come_in_pages(azure: Wire) -> None:
    azure.cluster().cloud.configure(page_size=2)
    for number in range(4):
        azure.put(f"{CLUSTER}/agentPools/pool{number}", pool_body())
    names: list[str] = []
    page = azure.get(f"{CLUSTER}/agentPools")
    pages = 1
    while "nextLink" in page:
        names += [p["name"] for p in page["value"]]
        page = azure.ask("GET", page["nextLink"], None).json()
        pages += 1
    names += [p["name"] for p in page["value"]]
    assert sorted(names) == ["pool0", "pool1", "pool2", "pool3", "system"]
    assert pages == 3
    bad: dict[str, Any] = {"$skiptoken": "x"}
    assert azure.ask("GET", f"{CLUSTER}/agentPools", AKS, **bad).status_code == 400


def test_an_operation_tells_how_it_goes_and_what_came_of_it(azure: Wire) -> None:
    azure.cluster().cloud.configure(operation_seconds=1.0, retry_after_seconds=7)
    answer = azure.ask("PUT", POOL, AKS, pool_body())
    assert answer.status_code == 201
    assert answer.json()["properties"]["provisioningState"] == "Creating"
    assert answer.headers["Retry-After"] == "7"
    assert "Location" not in answer.headers
    where = answer.headers["Azure-AsyncOperation"]
    assert azure.ask("GET", where, None).json()["status"] == "InProgress"
    busy = azure.ask("DELETE", POOL)
    assert (busy.status_code, busy.json()["error"]["code"]) == (409, "OperationNotAllowed")
    while azure.ask("GET", where, None).json()["status"] == "InProgress":
        time.sleep(0.05)
    ended = azure.ask("GET", where, None).json()
    assert ended["status"] == "Succeeded"
    assert ended["startTime"] < ended["endTime"]
    assert azure.get(POOL)["properties"]["provisioningState"] == "Succeeded"
    gone = azure.ask("DELETE", POOL)
    assert gone.status_code == 202
    result = gone.headers["Location"]
    assert azure.ask("GET", result, None).status_code == 202
    while (found := azure.ask("GET", result, None)).status_code == 202:
        time.sleep(0.05)
    assert found.status_code == 204
    assert azure.ask("DELETE", POOL).status_code == 204
    unknown = where.replace(where.split("/operations/")[1][:36], OTHER)
    assert azure.ask("GET", unknown, None).status_code == 404


def test_the_body_has_the_shape_of_the_rest_api(azure: Wire) -> None:
    pool = azure.cluster().pool(tags={"cost": "1"}).get(POOL)
    assert set(pool) == {"id", "name", "type", "properties"}
    assert pool["type"] == "Microsoft.ContainerService/managedClusters/agentPools"
    assert pool["properties"]["tags"] == {"cost": "1"}
    assert pool["properties"]["type"] == "VirtualMachineScaleSets"
    profiles = azure.get(CLUSTER)["properties"]["agentPoolProfiles"]
    assert [p["name"] for p in profiles] == ["system", "general"]


def test_what_only_azure_says_is_not_taken_from_a_body(azure: Wire) -> None:
    azure.cluster().pool()
    body = pool_body(currentOrchestratorVersion="9.9.9", provisioningState="Failed")
    azure.put(POOL, body)
    found = azure.get(POOL)["properties"]
    assert found["currentOrchestratorVersion"] == "1.35.5"
    assert found["nodeImageVersion"].startswith("AKSUbuntu")
    assert found["provisioningState"] == "Succeeded"
