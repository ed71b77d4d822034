"""Which Pulumi CLI is used, and why: that of PATH where it is new enough, else one that is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.cloud.file import FileError
from emulator.engine import find
from emulator.engine.stacks import _kept_salt

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (None, "PATH has no Pulumi CLI"),
        ("no program", "{which} does not run"),
        ("#!/bin/sh\necho v3.0.1\n", "{which} is 3.0.1, older than the SDK (3.100.0)"),
        ("#!/bin/sh\necho dev\n", "{which} is of no known version, older than the SDK (3.100.0)"),
        ("#!/bin/sh\necho v3.100.0\n", None),
        ("#!/bin/sh\necho v4.0.0-alpha\n", None),
    ],
)
def test_why_it_is_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None, why: str | None
) -> None:
    monkeypatch.setattr(find, "sdk_version", lambda: (3, 100, 0))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SECURE_AKS_CACHE", str(tmp_path / "nothing is built"))
    which = tmp_path / "pulumi"
    if program is not None:
        which.write_text(program)
        which.chmod(0o755)
    said = find._on_path()
    assert (said if isinstance(said, str) else None) == (why and why.format(which=which))
    found = find.cli()
    assert (found and found.path) == (None if why else which)


def test_a_salt_that_is_none_is_told_with_the_folder_to_delete(tmp_path: Path) -> None:
    kept = tmp_path / "lab" / "salts" / "dev"
    kept.parent.mkdir(parents=True)
    assert _kept_salt(kept) is None
    kept.write_text("encryptionsalt: v1:abc")
    assert _kept_salt(kept) == "encryptionsalt: v1:abc"
    kept.write_bytes(b"encryptionsalt: v1:abc\nconfig: {}\xff\n")
    with pytest.raises(FileError) as raised:
        _kept_salt(kept)
    assert (
        str(raised.value) == f"{kept}: is no salt of a stack; delete {tmp_path / 'lab'} to start the lab anew"
    )
