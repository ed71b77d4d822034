"""Entra's keys on a loopback address that stays."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any

import httpx
import jwt

from emulator.arm.discovery import authentication_file
from emulator.arm.server import ArmServer
from emulator.azure.ids import TENANT
from emulator.entra.tokens import issuer
from tests.emulator.arm.wire import AKS_SERVER, Wire

if TYPE_CHECKING:
    from pathlib import Path


def configured(folder: Path) -> dict[str, Any]:
    return json.loads(authentication_file(folder).read_text("utf-8"))["jwt"][0]["issuer"]


def fetched(url: str, authority: str) -> dict[str, Any]:
    trusted = ssl.create_default_context(cadata=authority)
    return httpx.get(url, verify=trusted, trust_env=False).raise_for_status().json()


def token_of(wire: Wire) -> str:
    return wire.token(f"{AKS_SERVER}/.default")


def test_the_keys_that_the_configuration_leads_to_are_those_of_the_tokens(tmp_path: Path) -> None:
    with ArmServer(tmp_path) as server:
        said = configured(tmp_path)
        document = fetched(said["discoveryURL"], said["certificateAuthority"])
        assert document["issuer"] == said["url"] == issuer(TENANT)
        keys = jwt.PyJWKSet.from_dict(fetched(document["jwks_uri"], said["certificateAuthority"]))
        token = token_of(wire := Wire(server))
        wire.close()
        key = keys[jwt.get_unverified_header(token)["kid"]]
        assert jwt.decode(token, key, ["RS256"], audience=said["audiences"], issuer=said["url"])


def test_the_address_stays_also_while_another_run_of_the_lab_has_it(tmp_path: Path) -> None:
    with ArmServer(tmp_path):
        first = configured(tmp_path)
    with ArmServer(tmp_path), ArmServer(tmp_path):
        assert configured(tmp_path) == first
        assert fetched(first["discoveryURL"], first["certificateAuthority"])["issuer"] == issuer(TENANT)
