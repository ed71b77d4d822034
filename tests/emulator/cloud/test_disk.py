"""A disk that is full, read-only or gone with the process, at every write of the cloud: all of a change or nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.cloud.cloud import Cloud
from emulator.cloud.file import FileError, locked, replace
from tests.disk import How, failures
from tests.emulator.cloud.test_cloud import names, put

if TYPE_CHECKING:
    from pathlib import Path

HOWS: list[How] = ["full", "read-only", "kill"]


@pytest.mark.parametrize("how", HOWS)
def test_a_change_is_there_whole_or_not_at_all(tmp_path: Path, how: How) -> None:
    folder, written = tmp_path / "lab", tmp_path / "written"
    path = folder / "state" / "cloud.json"

    def scenario() -> None:
        written.write_text("")
        cloud = Cloud(path)
        for name in "abc":
            put(cloud, name)
            written.write_text(name)

    for _number, raised in failures(how, scenario, folder):
        assert raised is None or isinstance(raised, FileError)
        assert raised is None or "\n" not in str(raised)
        cloud, told = Cloud(path), written.read_text()
        there = names(cloud)
        assert there == list("abc"[: len(there)])
        assert len(there) - ("abc".index(told) + 1 if told else 0) in {0, 1}
        assert [event["name"] for event in cloud.events()] == there
        put(cloud, "z")
        assert names(Cloud(path)) == [*there, "z"]
        assert [event["name"] for event in Cloud(path).events()] == [*there, "z"]
        if how == "full":
            assert not list(folder.rglob("*.tmp"))
        assert [found.name for found in folder.rglob("*") if found.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("how", HOWS)
def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, how: How) -> None:
    folder = tmp_path / "lab"
    path = folder / "bin" / "kubelogin"

    def scenario() -> None:
        replace(path, "old", 0o755)
        replace(path, "new" * 1000, 0o755)

    for _number, raised in failures(how, scenario, folder):
        assert raised is None or str(raised).startswith(f"{path}: cannot be written: ")
        if path.exists():
            assert path.read_text() in {"old", "new" * 1000}
            assert path.stat().st_mode & 0o777 == 0o755


def test_a_folder_in_the_place_of_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "cloud.json").mkdir()
    with pytest.raises(FileError, match=r"cloud\.json: cannot be read: it is a folder; make room and rights"):
        Cloud(tmp_path / "cloud.json").view()
    (tmp_path / "held.lock").mkdir()
    with (
        pytest.raises(FileError, match=r"held: cannot be written: Is a directory"),
        locked(tmp_path / "held"),
    ):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match=r"cannot be written: .* a directory|File exists"):
        replace(tmp_path / "file" / "below", "text")
