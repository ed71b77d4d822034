"""Our own language host under the real engine: programs, packs, configuration, and every way of ending."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.left_behind import processes, state_file
from tests.engine.small import WAITING, Small, small

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).parents[2]
PACKS = tuple(ROOT / "policies" / name for name in ("security", "lifecycle"))
SECRET = "hunter2 in plain words"  # noqa: S105 - looked for, in the state


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Generator[Small]:
    yield from small(tmp_path_factory.mktemp("small"))


def test_a_program_with_both_packs(project: Small) -> None:
    project.program(
        'Thing("a")\npulumi.export("stack", pulumi.get_stack())\npulumi.export("project", pulumi.get_project())'
    )
    code, said = project.pulumi("up", "--yes", "--skip-preview", packs=PACKS)
    assert code == 0, said
    assert "secure-aks-security@v" in said
    assert "secure-aks-lifecycle@v" in said
    assert project.pulumi("stack", "output", "project")[1].strip() == "small"
    assert project.left_behind() == []


def test_what_a_pack_refuses_is_exit_code_1(project: Small) -> None:
    project.program("""
class Pod(pulumi.CustomResource):
    pass

container = {"name": "a", "image": "mcr.microsoft.com/a:1", "securityContext": {"privileged": True}}
metadata = {"name": "p", "namespace": "app"}
Pod("kubernetes:core/v1:Pod", "p", {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}})
""")
    code, said = project.pulumi("preview", packs=PACKS[:1])
    assert code == 1
    assert "pod-privileged" in said


def test_configuration_with_secrets(project: Small) -> None:
    for words in (["plain", "seen"], ["--secret", "password", SECRET], ["--path", "nested.list[0]", "1"]):
        code, said = project.pulumi("config", "set", *words)
        assert code == 0, said
    project.program("""
config = pulumi.Config()
assert config.require_object("nested") == {"list": [1]}
Thing("secret", {"password": config.require_secret("password"), "plain": config.require("plain")})
pulumi.export("password", config.require_secret("password"))
print("length", len(config.require("password")))
""")
    code, said = project.pulumi("up", "--yes", "--skip-preview")
    assert code == 0, said
    assert f"length {len(SECRET)}" in said
    assert SECRET not in said
    state = state_file(project.folder, "dev").read_text()
    assert "seen" in state
    assert SECRET not in state
    assert project.pulumi("stack", "output", "password", "--show-secrets")[1].strip() == SECRET


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("raise ValueError('why not')", ["ValueError: why not", "__main__.py"]),
        pytest.param("raise pulumi.RunError('no such zone')", ["no such zone"], marks=pytest.mark.soak),
        ("import sys; sys.exit(3)", ["Program exited with non-zero exit code: 3"]),
        pytest.param("import no_such_module", ["No module named 'no_such_module'"], marks=pytest.mark.soak),
        pytest.param("def (", ["SyntaxError"], marks=pytest.mark.soak),
    ],
)
def test_a_program_that_fails_says_why(project: Small, line: str, words: list[str]) -> None:
    project.program(line)
    code, said = project.pulumi("preview")
    assert code != 0
    assert all(word in said for word in words), said
    assert "run_in_stack" not in said, "the host's own frames are nobody's business"
    assert project.left_behind() == []


def test_a_program_that_prints_a_lot(project: Small) -> None:
    project.program("for n in range(20_000):\n    print(f'line {n} {\"x\" * 80}')\nThing('a')")
    code, said = project.pulumi("preview")
    assert code == 0
    assert "line 0 " in said
    assert "line 19999 " in said


@pytest.mark.parametrize("whole_group", [True, False], ids=["terminal", "cli-alone"])
def test_ctrl_c_ends_all_of_it(project: Small, *, whole_group: bool) -> None:
    """A terminal's Ctrl-C reaches the CLI, the host and the program; a supervisor's signal the CLI alone."""
    project.program(WAITING, prelude="")
    process = project.started("up", "--yes", "--skip-preview")
    with process:
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode not in {0, -signal.SIGKILL}, said
    assert "Traceback" not in said
    assert project.left_behind() == []


def test_an_engine_that_is_killed_leaves_no_process_behind(project: Small) -> None:
    project.program(WAITING, prelude="")
    process = project.started("preview")
    with process:
        assert len(processes(project.folder)) >= 3, "the CLI, the host, the program"
        process.kill()
        process.communicate(timeout=60)
    assert project.left_behind() == []


NESTED = """
class Part(pulumi.ComponentResource):
    def __init__(self, kind, name, opts=None):
        super().__init__(kind, name, None, opts)
        self.register_outputs({})

def cluster(name, aliases):
    top = Part(f"secure-aks:clusters:{name}", name, pulumi.ResourceOptions(aliases=aliases))
    inner = Part("secure-aks:index:AksCluster", "cluster", pulumi.ResourceOptions(parent=top))
    Part("secure-aks:index:NodePool", "general", pulumi.ResourceOptions(parent=inner))
"""


@pytest.mark.soak
def test_what_is_below_a_renamed_cluster_is_the_same(project: Small) -> None:
    """The engine hands a parent's alias on, whatever type it had: what tests/components/test_renamed_cluster.py relies on."""
    project.program(f'{NESTED}\ncluster("blue", [])')
    code, said = project.pulumi("up", "--yes", "--skip-preview")
    assert code == 0, said
    was = "urn:pulumi:dev::small::secure-aks:clusters:blue::blue"
    project.program(f'{NESTED}\ncluster("green", ["{was}"])')
    code, said = project.pulumi("preview", "--expect-no-changes")
    assert code == 0, said
    project.program(f'{NESTED}\ncluster("green", [])')
    code, said = project.pulumi("preview", "--expect-no-changes")
    assert code != 0, said
