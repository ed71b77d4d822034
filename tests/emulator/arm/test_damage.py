"""Keys and certificates of the lab that were damaged: one line that names the folder and a way on."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import pytest

from emulator.arm.server import ArmServer
from emulator.cloud.file import FileError
from tests.emulator.arm.wire import SUB, Wire

if TYPE_CHECKING:
    from pathlib import Path


def test_each_file_of_the_server(tmp_path: Path) -> None:
    with ArmServer(tmp_path):
        pass
    for path in [*(tmp_path / "arm").glob("*.key"), *(tmp_path / "arm" / "certificates").glob("azure.*")]:
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(
            FileError, match="arm: a key, certificate or secret of the lab is not as it was made"
        ) as told:
            ArmServer(tmp_path).__enter__()
        assert str(told.value).isprintable()
        assert str(told.value).endswith("delete this folder to make new ones")
        path.write_bytes(whole)
    with ArmServer(tmp_path):
        pass


@pytest.mark.parametrize("name", ["port", "signing.key", "certificates/ca.crt", "client-secret"])
@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_told_at_once(tmp_path: Path, name: str, make: Any) -> None:
    (tmp_path / "arm" / "certificates").mkdir(parents=True)
    make(tmp_path / "arm" / name)
    with pytest.raises(FileError, match=re.escape(str(tmp_path / "arm"))):
        ArmServer(tmp_path).__enter__()


def test_what_was_changed_by_hand_deep_inside_is_told_in_one_line(tmp_path: Path) -> None:
    """Of what is deep inside a resource nobody knows the shape; whoever asks is told where it went wrong."""
    path = f"{SUB}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/a"
    with ArmServer(tmp_path) as server:
        with server.cloud.change() as state:
            state.put(path, "azure-native:containerservice:ManagedCluster", "a", {"agentPoolProfiles": 5})
        wire = Wire(server)
        token = wire.token()
        told = wire.ask("GET", f"{path}/upgradeProfiles/default", "2025-10-01", token=token).json()["error"][
            "message"
        ]
        assert re.fullmatch(
            r"The lab cannot answer this \(\w+Error: [^\n]*; \w+\.py:\d+\)\. Where its cloud.json was changed .*",
            told,
        )
        (tmp_path / "cloud.json").write_text("{")
        told = wire.ask("GET", f"{path}/upgradeProfiles/default", "2025-10-01", token=token).json()["error"][
            "message"
        ]
        assert re.match(
            rf"{tmp_path}/cloud.json: not a cloud of this emulator .*; delete it to start anew$", told
        )
