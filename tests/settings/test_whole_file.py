"""A file is written whole or stays as it was, whichever step fails."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from settings.whole_file import write_whole

STEPS = ("write", "fchmod", "fsync", "replace")


def failing(*_args, **_options):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_is_written_and_readable_by_all(tmp_path):
    write_whole(tmp_path / "a", "text é\n")
    assert (tmp_path / "a").read_text(encoding="utf-8") == "text é\n"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("step", STEPS)
def test_a_full_disk_at_any_step_leaves_what_was_there(tmp_path, monkeypatch, step):
    path = tmp_path / "a"
    path.write_text("before")
    monkeypatch.setattr(os, step, failing)
    with pytest.raises(SystemExit, match="a: cannot be written: No space left on device"):
        write_whole(path, "after")
    monkeypatch.undo()
    assert [file.name for file in tmp_path.iterdir()] == ["a"]
    assert path.read_text() == "before"


def test_no_folder_is_one_line(tmp_path):
    with pytest.raises(SystemExit, match="No such file or directory"):
        write_whole(tmp_path / "none" / "a", "text")


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_file_is_the_old_one(tmp_path, step):
    path = tmp_path / "a"
    path.write_text("before")
    code = (
        "import os, pathlib, signal, sys\n"
        "from settings.whole_file import write_whole\n"
        f"os.{step} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_whole(pathlib.Path(sys.argv[1]), 'after' * 100_000)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_text() == "before"
