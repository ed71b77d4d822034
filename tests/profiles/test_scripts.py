"""The scripts as text."""

import subprocess

import pytest

from tests.profiles.helpers import SCRIPTS, tool


def test_the_linter_finds_nothing():
    files = sorted(str(path) for path in SCRIPTS.glob("*.sh"))
    assert len(files) == 4
    options = ["--shell=sh", "--external-sources", f"--source-path={SCRIPTS}", "--enable=all"]
    # Quoted variables in braces and [[ ]] are a taste; masked exit codes are looked at where they matter.
    options.append("--exclude=SC2250,SC2292,SC2312,SC2310,SC2311")
    done = subprocess.run([tool("shellcheck"), *options, *files], capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["seccomp.sh", "apparmor.sh", "report.sh"])
def test_it_fits_into_a_screen_or_two(name):
    assert len((SCRIPTS / name).read_text().splitlines()) < 100
