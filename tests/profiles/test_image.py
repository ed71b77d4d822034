"""What profiles/loader/Dockerfile puts into the image is all that the scripts need, and all that they get here.

Images cannot be built where there is no registry, so the folder of programs is made of the same Debian packages: those
that every Debian image has (`Essential`) and those that the Dockerfile adds.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.profiles.helpers import PROFILES, SCRIPTS, tool
from tests.profiles.loaders import status
from tests.profiles.test_apparmor_loader import PARSER

DOCKERFILE = (PROFILES / "loader" / "Dockerfile").read_text()


def added():
    """The packages that the Dockerfile installs."""
    found = re.search(r"apt-get install ((?:--\S+ )*)([a-z0-9 -]+?) \\$", DOCKERFILE, re.MULTILINE)
    assert found
    return found[2].split()


def programs(package):
    listed = subprocess.run(
        [tool("dpkg-query"), "--listfiles", package], capture_output=True, text=True, check=True
    )
    paths = [Path(line) for line in listed.stdout.splitlines()]
    return [path for path in paths if path.parent.name in {"bin", "sbin"} and path.is_file()]


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A folder with the image's programs, in place of everything on PATH."""
    folder = tmp_path_factory.mktemp("image")
    listed = subprocess.run(
        [tool("dpkg-query"), "--show", "--showformat", "${Essential} ${Package}\n"],
        capture_output=True,
        text=True,
        check=True,
    )
    essential = [line.split()[1] for line in listed.stdout.splitlines() if line.startswith("yes ")]
    assert {"coreutils", "diffutils", "grep"} <= set(essential)
    for package in [*essential, *added()]:
        for path in programs(package):
            if not (folder / path.name).exists():
                (folder / path.name).symlink_to(path)
    return folder


def run(path, script, verb="once", **variables):
    environment = {"PATH": str(path), **{name: str(value) for name, value in variables.items()}}
    command = [shutil.which("sh", path=str(path)), str(SCRIPTS / script), verb]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "not found" not in done.stderr
    return done


def test_the_seccomp_loader_needs_no_other_program(image, tmp_path):
    folders = {"PROFILES": PROFILES / "seccomp", "TARGET": tmp_path / "node", "STATUS": status(tmp_path)}
    (tmp_path / "node").mkdir()
    (tmp_path / "node" / "hardened.json").write_text("altered")

    assert run(image, "seccomp.sh", **folders).returncode == 0
    (tmp_path / "other").mkdir()
    assert run(image, "seccomp.sh", **{**folders, "PROFILES": tmp_path / "other"}).returncode == 0
    assert run(image, "seccomp.sh", "check", **folders).returncode == 1


def test_the_image_has_apparmors_parser_and_what_profiles_include(image):
    for file in (PROFILES / "apparmor").iterdir():
        command = [image / "apparmor_parser", "--skip-kernel-load", "--skip-cache", file]
        parsed = subprocess.run(
            command, env={"PATH": str(image)}, capture_output=True, text=True, check=False
        )
        assert parsed.returncode == 0, parsed.stderr


def test_the_apparmor_loader_needs_no_other_program(image, tmp_path):
    """With a parser and a kernel that are folders, so that the script goes all its ways."""
    for name in ("kernel", "records", "bin", "none"):
        (tmp_path / name).mkdir()
    (tmp_path / "kernel" / ".replace").write_text("")
    (tmp_path / "kernel" / "profiles").write_text("hardened (complain)\n")
    (tmp_path / "bin" / "apparmor_parser").write_text(PARSER)
    (tmp_path / "bin" / "apparmor_parser").chmod(0o755)
    folders = {"KERNEL": tmp_path / "kernel", "RECORDS": tmp_path / "records", "STATUS": status(tmp_path)}
    path = f"{tmp_path / 'bin'}:{image}"

    for verb in ("once", "check"):
        done = run(path, "apparmor.sh", verb, PROFILES=PROFILES / "apparmor", **folders)
        assert (done.returncode, done.stderr) == (0, "")
    done = run(path, "apparmor.sh", PROFILES=tmp_path / "none", **folders)
    assert (done.returncode, done.stdout.count("removed ")) == (0, 2)


def test_the_reporter_needs_no_other_program(image, tmp_path):
    for name in ("account", "state"):
        (tmp_path / name).mkdir()
    (tmp_path / "account" / "api-token").write_text("token")
    shutil.copy(SCRIPTS / "report.sh", tmp_path / "account" / "ca.crt")  # no certificate: curl says so
    (status(tmp_path) / "loaded").write_text("one 1\n")
    done = run(
        image,
        "report.sh",
        STATUS=status(tmp_path),
        STATE=tmp_path / "state",
        ACCOUNT=tmp_path / "account",
        DOMAIN="seccomp.secure-aks",
        KUBERNETES_SERVICE_HOST="127.0.0.1",
        KUBERNETES_SERVICE_PORT="1",
        NODE_NAME="node",
    )

    assert done.returncode == 1
    assert "error: the API server did not take the labels: 000 curl:" in done.stdout
