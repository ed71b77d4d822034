"""Keys and certificates of the lab that were damaged: one line that names the folder and a way on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.arm.server import ArmServer
from emulator.cloud.file import FileError

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
