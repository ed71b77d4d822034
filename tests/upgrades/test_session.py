"""What a session takes from the stacks beside its own."""

import shutil
from pathlib import Path

from pulumi.automation import OutputValue, StackNotFoundError

from emulator.dry_run.stack_signature import failure
from upgrades import session

ROOT = Path(__file__).parents[2]
VERSIONS = {"schema": 1, "clusters": {"aks-dev": {"controlPlane": {"version": "1.35.6"}, "pools": {}}}}


class OneStack:
    """The Pulumi CLI of somebody who has initialised `dev` alone."""

    def __init__(self, name):
        if name != "dev":
            raise failure(f"no stack named {name!r} found", StackNotFoundError)

    def outputs(self):
        return {"versions": OutputValue(VERSIONS, secret=False)}


def test_stacks_that_the_cli_does_not_know_count_for_nothing_in_a_plan(tmp_path, monkeypatch):
    for file in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(session, "_stack", lambda _folder, name, emulated: OneStack(name))
    cluster = session.Session.open(tmp_path, "dev", emulated=False).planned_cluster()
    assert str(cluster.control_plane) == "1.35.6"
