"""Entra's keys on a loopback address that stays, and who administers a cluster by the tokens signed with them."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any

import httpx
import jwt

from emulator.arm.discovery import authentication_file
from emulator.arm.server import ArmServer
from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.entra.tokens import ISSUER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.azure_provider import Azure

ADMINS = ["7f0c3a52-1f0e-4c1b-9a53-0d9f3c5f2f11", "1b5c8a10-6d0b-4a51-8f5e-6a3f3a1d7c22"]


def issuer(folder: Path) -> dict[str, Any]:
    return json.loads(authentication_file(folder).read_text("utf-8"))["jwt"][0]["issuer"]


def fetched(url: str, authority: str) -> dict[str, Any]:
    trusted = ssl.create_default_context(cadata=authority)
    return httpx.get(url, verify=trusted, trust_env=False).raise_for_status().json()


def test_the_keys_that_the_configuration_leads_to_are_those_of_the_tokens(tmp_path: Path) -> None:
    with ArmServer(tmp_path) as server:
        said = issuer(tmp_path)
        document = fetched(said["discoveryURL"], said["certificateAuthority"])
        assert document["issuer"] == said["url"] == ISSUER
        keys = jwt.PyJWKSet.from_dict(fetched(document["jwks_uri"], said["certificateAuthority"]))
        token = server.entra.tokens.issue(SERVER_APPLICATION, {"oid": "me"})
        key = keys[jwt.get_unverified_header(token)["kid"]]
        assert (
            jwt.decode(token, key, ["RS256"], audience=said["audiences"], issuer=said["url"])["oid"] == "me"
        )


def test_the_address_stays_unless_somebody_else_has_it(tmp_path: Path) -> None:
    with ArmServer(tmp_path):
        first = issuer(tmp_path)
    with ArmServer(tmp_path):
        assert issuer(tmp_path) == first
        with ArmServer(tmp_path):
            second = issuer(tmp_path)
            assert second["discoveryURL"] != first["discoveryURL"]
            assert fetched(second["discoveryURL"], second["certificateAuthority"])["issuer"] == ISSUER


def test_who_brings_clusters_up_is_in_their_admin_groups(stored: Azure, tmp_path: Path) -> None:
    with ArmServer(tmp_path) as server:
        assert "groups" not in server.entra.claims()
        stored.cluster(aadProfile={"managed": True, "adminGroupObjectIDs": ADMINS})
        assert server.entra.claims()["groups"] == sorted(ADMINS)
