"""Each pack alone: its wheel from a copy of its folder, installed, and started from the folder of two files that the page shows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import grpc
import pytest
import yaml
from google.protobuf import empty_pb2
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub
from secure_aks_lifecycle.judging.context import Context
from secure_aks_lifecycle.judging.judge import Judge
from secure_aks_lifecycle.rules import RULES
from secure_aks_lifecycle.stack.stack_config import StackConfig
from secure_aks_security.model import Level
from secure_aks_security.rules import load_rules
from secure_aks_security.stack import STACK_RULES
from secure_aks_security.stack_file.configuration import configure

from tests.library.conftest import ROOT, Installed

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs/in-parts.md").read_text()
SECURITY_RULES = [*load_rules(), *(one() for one in STACK_RULES)]
IDS = {
    "security": {rule.id for rule in SECURITY_RULES if rule.level is not Level.DISABLED},
    "lifecycle": {rule.id for rule in RULES},
}


def block(language: str, start: str) -> str:
    [found] = [
        text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if text.startswith(start)
    ]
    return found


def folder_of_two_files(pack: str, installed: Installed, tmp_path: Path) -> Path:
    """Build a pack's wheel and install it; return the folder that the page shows, which needs nothing else."""
    name = f"secure_aks_{pack}"
    alone = tmp_path / "alone"
    left_out = shutil.ignore_patterns("build", "dist", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT / "policies" / pack, alone, ignore=left_out)
    version = tomllib.loads((alone / "pyproject.toml").read_text())["project"]["version"]
    uv = [sys.executable, "-m", "uv", "--quiet", "--offline"]
    build = ["build", "--wheel", "--no-build-isolation", "--python", sys.executable, str(alone)]
    subprocess.run([*uv, *build], check=True)
    wheel = alone / "dist" / f"{name}-{version}-py3-none-any.whl"
    subprocess.run(
        [*uv, "pip", "install", "--no-deps", "--python", str(installed.python), str(wheel)], check=True
    )

    folder = tmp_path / "pack"
    folder.mkdir()
    said = yaml.safe_load(block("yaml", "name: secure-aks-security"))
    assert said["version"] == version == yaml.safe_load((alone / "PulumiPolicy.yaml").read_text())["version"]
    (folder / "PulumiPolicy.yaml").write_text(yaml.safe_dump(said | {"name": f"secure-aks-{pack}"}))
    program = block("python", "from secure_aks_security.pack")
    if pack == "lifecycle":
        program = (alone / "__main__.py").read_text()
    else:
        ours = (alone / "__main__.py").read_text()  # which starts the collector of garbage later, beside
        assert all(line in ours for line in program.splitlines())
    (folder / "__main__.py").write_text(program)
    return folder


@pytest.mark.parametrize("pack", ["security", "lifecycle"])
def test_a_pack_installs_by_itself(pack: str, installed: Installed, tmp_path: Path) -> None:
    folder = folder_of_two_files(pack, installed, tmp_path)
    assert {rule.removesuffix("-on-stack") for rule in policies(installed, folder)} >= IDS[pack]


def policies(installed: Installed, folder: Path) -> set[str]:
    """Start the pack in a folder as the engine does, and ask it for its rules."""
    with installed.start("-u", "-m", "pulumi.policy", "127.0.0.1:1", str(folder), cwd=folder) as process:
        assert process.stdout
        port = process.stdout.readline().strip()
        assert port.isdigit(), port
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub: Any = AnalyzerStub(channel)
            found = {policy.name for policy in stub.GetAnalyzerInfo(empty_pb2.Empty()).policies}
        process.terminate()
    return found


def test_all_advisory_lowers_and_switches_nothing_on() -> None:
    said = {"secure-aks:policies": {"security": {"all": "advisory"}, "lifecycle": {"all": "advisory"}}}
    shipped = {rule.id: rule.level for rule in SECURITY_RULES}
    assert Level.DISABLED in shipped.values()
    levels = {rule: setting.level for rule, setting in configure(SECURITY_RULES, said).settings.items()}
    assert levels == {
        rule: Level.DISABLED if level is Level.DISABLED else Level.ADVISORY for rule, level in shipped.items()
    }


def test_of_the_lifecycle_pack_none_ships_disabled_so_all_of_it_advises() -> None:
    config = StackConfig.parse({"secure-aks:policies": {"lifecycle": {"all": "advisory"}}})
    no_catalog: Any = None  # a level asks nothing of it
    judge = Judge(Context(datetime(2026, 11, 23, tzinfo=UTC), config, no_catalog))
    assert {rule.level for rule in RULES} <= {"advisory", "mandatory"}
    assert {judge.level(rule) for rule in RULES} == {"advisory"}


def test_all_mandatory_is_for_everything() -> None:
    said = {"secure-aks:policies": {"security": {"all": "mandatory"}}}
    levels = {setting.level for setting in configure(SECURITY_RULES, said).settings.values()}
    assert levels == {Level.MANDATORY}
