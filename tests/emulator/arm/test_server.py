"""The server itself: its files, its environment and its end."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from emulator.arm.server import ArmServer
from emulator.entra.endpoints import MANAGEMENT
from tests.emulator.arm.helpers import SUBSCRIPTION, Lab

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_keeps_its_secret_and_its_tokens(lab: Lab, tmp_path: Path):
    token = lab.server.entra.tokens.issue(MANAGEMENT[0], {})
    with ArmServer(tmp_path) as other:
        mine, theirs = lab.server.environment, other.environment
        assert {k for k in mine if mine[k] != theirs[k]} == {"HTTPS_PROXY"}
        assert Lab(lab.azure, other).get(f"{SUBSCRIPTION}/resourceGroups", token).status_code == 200


def test_two_servers_of_a_new_folder_make_its_files_once(tmp_path: Path):
    made: list[ArmServer] = []
    threads = [threading.Thread(target=lambda: made.append(ArmServer(tmp_path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({server.entra.secret for server in made}) == 1
    assert len({server.entra.tokens.key_id for server in made}) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_secrets_are_for_their_owner_alone(lab: Lab, tmp_path: Path):
    private = [tmp_path / "arm" / name for name in ("client-secret", "tokens.key", "certificates/ca.key")]
    assert [path.stat().st_mode & 0o077 for path in private] == [0, 0, 0]


def test_the_end_ends_connections(tmp_path: Path, lab: Lab):
    server = ArmServer(tmp_path)
    with Lab(lab.azure, server.__enter__()).client() as client:
        assert client.get("https://management.azure.com/").status_code == 401
        server.__exit__(None, None, None)
        with pytest.raises(httpx.TransportError):
            client.get("https://management.azure.com/")
    with pytest.raises(RuntimeError, match="does not run"):
        _ = server.environment
