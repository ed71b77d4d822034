"""`replace-pool` as a command on the engine: each pool has a subnet of its own, and Azure keeps the cluster's pools from being deleted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from unittest import mock

import pytest

from emulator.cloud.cloud import Cloud
from emulator.lab import Lab
from settings import load_file
from tests import command_line
from tests.lab_stack import AT_THE_END, enter
from tests.project_copy import ROOT, copy_of, edit, without_teams
from upgrades.journal.file import read
from upgrades.session.session import Session

SIZE = ("--pool", "general", "--set", "vmSize=Standard_D8ds_v5", "--yes")
PINNED = ("spot", "win", "sandbox")
OLD, NEW, LOCK = (
    "subnets/nodes-general",
    "subnets/nodes-general2",
    "providers/microsoft.authorization/locks/secure-aks",
)


@pytest.fixture
def session(tmp_path, monkeypatch):
    """The shipped dev stack with both packs, locked, with a subnet for each pool, on a control plane of its own."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23T12:00:00+00:00")
    folder = copy_of(ROOT, tmp_path / "project")
    (folder / ".venv").symlink_to(sys.prefix)  # the packs run in the project's own
    file = folder / "Pulumi.dev.yaml"
    file.write_text(without_teams(file.read_text()))
    edit(file, "    addressSpace: 10.62.0.0/16\n", "    addressSpace: 10.62.0.0/16\n    subnets: per-pool\n")
    ranges = {pool.name: f"10.62.{number}.0/24" for number, pool in enumerate(load_file(file).all_pools)}
    for name in PINNED:
        edit(file, f"    - name: {name}\n", f"    - name: {name}\n      subnet: {ranges[name]}\n")
    edit(file, "    bootstrap: true", "    lock: true\n    bootstrap: true")
    with Lab(tmp_path / "lab", control_plane=True) as lab:
        enter(monkeypatch, lab)
        subprocess.run(["pulumi", "stack", "init", "dev"], cwd=folder, capture_output=True, check=True)
        try:
            with mock.patch.dict(os.environ, AT_THE_END):
                Session(folder, "dev").stack.up()
            yield Session(folder, "dev")
        finally:
            lab.cluster.end()


@pytest.mark.soak
@pytest.mark.control_plane
@pytest.mark.xdist_group("control-plane")
def test_a_pool_is_replaced_with_its_subnet_and_the_lock_stops_the_last_step_alone(session, tmp_path):
    """As a person does it: the command, what it says, `lock: false` and an `up`, `resume`, the line back and an `up`."""
    cloud, before = Cloud(tmp_path / "lab" / "cloud.json"), session.file.read_text()
    assert there(cloud) == (True, False, True)
    code, said = upgrades(session, "replace-pool", *SIZE)
    assert code == 1, said
    assert "LOCK001" in said, said
    assert "write `lock: false` under secure-aks:cluster" in said, said
    assert there(cloud) == (True, True, True), (
        "the old pool and its subnet stand, and the new ones beside them"
    )
    assert session.running().counts["general"] == 0
    entries = read(session.journal)
    assert [entry["index"] for entry in entries if entry["event"] == "step-finished"] == [0, 1, 2]

    code, said = upgrades(session, "resume")
    assert (code, "LOCK001" in said) == (1, True), "and again, as long as it is there"

    edit(session.file, "    lock: true\n", "    lock: false\n")
    session.stack.up()
    code, said = upgrades(session, "resume")
    assert code == 0, said
    assert there(cloud) == (False, True, False)
    edit(session.file, "    lock: false\n", "    lock: true\n")
    session.stack.up()
    assert there(cloud) == (False, True, True)
    (pool,) = (one for one in session.settings().pools if one.name == "general2")
    free = f"10.62.{len(load_file(ROOT / 'Pulumi.dev.yaml').all_pools)}.0/24"
    assert (pool.vm_size, str(pool.subnet)) == ("Standard_D8ds_v5", free)
    assert "general" not in session.running().versions
    assert before.count("\n") == session.file.read_text().count("\n") - 1, (
        "the new pool's own range is all that came"
    )
    shutil.rmtree(session.folder / ".upgrades")  # a pool that is there stays: nothing is left to do
    assert not session.stack.preview().change_summary.keys() & {"create", "delete", "replace"}


def there(cloud):
    """Whether Azure has the old pool's subnet, the new one's, and the lock."""
    ids = [id_.lower() for id_ in cloud.view().resources]
    return tuple(any(id_.endswith(name) for id_ in ids) for name in (OLD, NEW, LOCK))


def upgrades(session, command, *words):
    return command_line.upgrades(
        session.folder, command, "--stack", "dev", *words, clock="2026-11-23T12:00:00+00:00"
    )
