"""What is read whole is a file: a pipe that nobody writes to, a device or a folder is told at once, and nothing stays open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from secure_aks_lifecycle import regular_file


def open_files() -> set[str]:
    return set(os.listdir("/dev/fd"))  # noqa: PTH208 - it has an entry for the listing itself


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("pipe", "it is no regular file"),
        ("device", "it is no regular file"),
        ("folder", "it is a folder"),
        ("loop", "Too many levels of symbolic links"),
        ("nothing", "No such file or directory"),
    ],
)
def test_what_is_no_file_is_told_at_once(tmp_path: Path, kind: str, words: str) -> None:
    path = tmp_path / "given"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to("given")
        case "nothing":
            path.symlink_to("nowhere")
        case _:
            path = Path("/dev/zero")
    before = open_files()
    with pytest.raises(OSError, match=words) as raised:
        regular_file.data(path)
    assert raised.value.filename == str(path)
    assert open_files() == before


def test_a_file_is_read_whole_through_a_link_and_as_much_as_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"one\r\n\xff")
    (tmp_path / "link").symlink_to("file")
    assert regular_file.data(tmp_path / "link") == b"one\r\n\xff"
    assert regular_file.data(tmp_path / "link", 2) == b"on"
    with pytest.raises(UnicodeDecodeError):
        regular_file.text(tmp_path / "link")
