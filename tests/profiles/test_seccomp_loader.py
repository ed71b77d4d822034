"""The seccomp loader for real, against a folder tree: what it does, and what it leaves behind."""

import os
import shutil
import stat
import subprocess
import sys
import time

import pytest

from tests.profiles.helpers import SCRIPTS, Container, tool
from tests.profiles.loaders import script, seccomp, status

ONE, TWO = '{"defaultAction": "SCMP_ACT_ALLOW"}\n', '{"defaultAction": "SCMP_ACT_ERRNO"}\n'
SHELLS = {"sh": ("sh",), "busybox": ("busybox", "sh")}


@pytest.fixture
def declared(tmp_path):
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "one").write_text(ONE)
    (folder / "two").write_text(TWO)
    return folder


@pytest.fixture
def node(tmp_path):
    folder = tmp_path / "node"
    folder.mkdir()
    return folder


@pytest.fixture(params=SHELLS.values(), ids=list(SHELLS))
def load(request, tmp_path, declared, node):
    if request.param[0] == "busybox":
        tool("busybox")

    def run(verb="once", path=""):
        return seccomp(tmp_path, declared, node, verb, request.param, path)

    return run


def visible(node):
    return {file.name for file in node.iterdir() if not file.name.startswith(".")}


def leftovers(node):
    return {file.name for file in node.iterdir() if file.name.startswith(".")} - {".secure-aks"}


def test_first_start_installs_every_profile_and_is_ready_then(load, node, tmp_path):
    assert load("check").returncode == 1
    done = load()

    assert done.returncode == 0
    assert "installed one" in done.stdout
    assert {name: (node / name).read_text() for name in visible(node)} == {"one": ONE, "two": TWO}
    assert stat.S_IMODE((node / "one").stat().st_mode) == 0o644
    assert leftovers(node) == set()
    assert load("check").returncode == 0
    assert [line.split()[0] for line in (status(tmp_path) / "loaded").read_text().splitlines()] == [
        "one",
        "two",
    ]


def test_nothing_is_written_or_said_when_all_is_well(load, node):
    load()
    before = {file.name: file.stat().st_mtime_ns for file in node.iterdir()}
    done = load()

    assert (done.returncode, done.stdout) == (0, "")
    assert {file.name: file.stat().st_mtime_ns for file in node.iterdir()} == before


def test_a_changed_profile_takes_the_place_of_the_old_one(load, declared, node):
    load()
    (declared / "one").write_text(TWO)
    assert load("check").returncode == 1
    done = load()

    assert (node / "one").read_text() == TWO
    assert "one" in done.stdout
    assert "two" not in done.stdout


@pytest.mark.parametrize("damage", ["altered", "emptied", "deleted", "a link elsewhere"])
def test_what_somebody_did_to_a_file_is_repaired(load, node, tmp_path, damage):
    load()
    file = node / "one"
    file.unlink()
    if damage == "a link elsewhere":
        (tmp_path / "elsewhere").write_text(ONE)
        file.symlink_to(tmp_path / "elsewhere")
    elif damage != "deleted":
        file.write_text("" if damage == "emptied" else ONE + " ")
    assert load("check").returncode == 1
    done = load()

    assert done.returncode == 0
    assert file.read_text() == ONE
    assert not file.is_symlink()
    assert load("check").returncode == 0


def test_a_profile_that_is_no_longer_declared_goes_and_nobody_elses_does(load, declared, node):
    (node / "operator").mkdir()
    (node / "foreign").write_text("somebody else's")
    load()
    (declared / "two").unlink()
    done = load()

    assert "removed two" in done.stdout
    assert visible(node) == {"one", "operator", "foreign"}


def test_a_reimaged_node_is_filled_again(load, node):
    load()
    shutil.rmtree(node)
    node.mkdir()

    assert load().returncode == 0
    assert visible(node) == {"one", "two"}


def test_a_folder_in_the_way_is_an_error_that_says_so_and_the_rest_is_loaded(load, node, tmp_path):
    (node / "one").mkdir()
    done = load()

    assert done.returncode == 1
    assert "error" in done.stdout
    assert "is a folder" in done.stdout
    assert (node / "two").read_text() == TWO
    assert load("check").returncode == 1
    assert (status(tmp_path) / "loaded").read_text().startswith("two ")


@pytest.fixture
def load_until_killed(load, tmp_path):
    """Run the loader and kill it before its n-th change of the folder; a copy is cut off half-way."""

    def run(moment):
        fake = tmp_path / "fake"
        fake.mkdir()
        for name in ("cp", "mv", "rm"):
            half = 'head -c 100 "$1" >"$2"; ' if name == "cp" else ""
            (fake / name).write_text(
                f"#!/bin/sh\necho x >>{tmp_path}/count\n"
                f'[ "$(wc -l <{tmp_path}/count)" -eq {moment} ] && {{ {half}kill -9 $PPID; exit 1; }}\n'
                f'exec {shutil.which(name)} "$@"\n'
            )
            (fake / name).chmod(0o755)
        return load(path=str(fake))

    return run


OLD, NEW = {"one": ONE, "two": TWO}, {"one": TWO * 1000, "three": ONE * 1000}


@pytest.mark.parametrize("moment", range(1, 9))
def test_killed_at_any_moment_it_leaves_no_half_file_and_goes_on_when_started_again(
    load, load_until_killed, declared, node, moment
):
    load()
    (declared / "two").unlink()
    for name, text in NEW.items():
        (declared / name).write_text(text)
    killed = load_until_killed(moment)

    for name in visible(node):
        assert (node / name).read_text() in {OLD.get(name), NEW.get(name)}, (name, killed.stdout)
    assert load().returncode == 0
    assert {name: (node / name).read_text() for name in visible(node)} == NEW
    assert leftovers(node) == set()


@pytest.mark.parametrize("moment", range(1, 9))
def test_what_a_killed_run_brought_is_still_known_as_its_own(load, load_until_killed, declared, node, moment):
    """The next deployment declares something else: nothing of the one that was cut off stays behind."""
    load()
    (declared / "three").write_text(ONE)
    load_until_killed(moment)
    (declared / "three").unlink()

    assert load().returncode == 0
    assert visible(node) == {"one", "two"}


def test_it_runs_until_it_is_told_to_stop_and_repairs_meanwhile(declared, node, tmp_path):
    environment = {"PROFILES": declared, "TARGET": node, "STATUS": status(tmp_path), "INTERVAL": "0.05"}
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["sh", str(SCRIPTS / "seccomp.sh"), "run"],
            env={"PATH": os.environ["PATH"], **{key: str(value) for key, value in environment.items()}},
            stdout=output,
        )
    try:
        _until(lambda: "every profile is loaded" in log.read_text())
        (node / "one").write_text("altered")
        _until(lambda: "replaced what was not the declared one" in log.read_text())
        assert (node / "one").read_text() == ONE
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert process.returncode == 0
    assert "the profiles stay" in log.read_text()
    assert visible(node) == {"one", "two"}


def _until(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_wrong_usage_is_said():
    assert script("seccomp.sh", "loda", PROFILES="/", TARGET="/", STATUS="/").returncode == 2


# In a container as the DaemonSet makes it: root without any capability, a read-only image.


@pytest.fixture
def contained(tmp_path, declared):
    """A container with busybox, the scripts and the profiles; the caller mounts the node's folder."""
    container = Container(tmp_path / "container").with_busybox()
    container.bind(SCRIPTS, "/scripts")
    container.bind(declared, "/profiles")
    (tmp_path / "shared").mkdir()
    container.bind(tmp_path / "shared", "/status", "rw")
    return container


def test_root_without_capabilities_is_enough(contained, node):
    contained.bind(node, "/node", "rw")
    done = contained.run("sh", "/scripts/seccomp.sh", "once")

    assert done.returncode == 0, done.stdout + done.stderr
    assert visible(node) == {"one", "two"}


def test_a_read_only_node_is_a_clear_error_and_not_ready(contained, node):
    contained.bind(node, "/node")
    done = contained.run("sh", "/scripts/seccomp.sh", "once")
    check = contained.run("sh", "/scripts/seccomp.sh", "check")

    assert done.returncode == 1
    assert "disk full or read-only?" in done.stdout
    assert check.returncode == 1
    assert "not loaded: one" in check.stdout


def test_a_full_disk_is_a_clear_error_and_leaves_no_half_file(contained, declared):
    (declared / "large").write_text("x" * 200_000)
    contained.tmpfs("/node", 0o755, "size=64k")
    script_text = "sh /scripts/seccomp.sh once; echo $?; sh /scripts/seccomp.sh check; echo $?; ls -A /node"
    done = contained.run("sh", "-c", script_text)
    lines = done.stdout.splitlines()

    assert any("cannot write /node/large" in line for line in lines), done.stdout + done.stderr
    assert lines.count("1") == 2
    first, second = (index for index, line in enumerate(lines) if line == "1")
    assert [line.split()[1:] for line in lines[first + 1 : second]] == [["not", "loaded:", "large"]]
    assert set(lines[second + 1 :]) == {".secure-aks", "one", "two"}


def test_this_file_runs_where_runc_is():
    assert sys.platform == "linux", (
        "the loaders' tests need Linux: run them in a container or a virtual machine"
    )
