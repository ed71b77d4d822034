"""`pip install` of the wheel, and a program of ten lines beside it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.library.conftest import ROOT, Installed

PAGE = (ROOT / "docs/library.md").read_text()
PROGRAM, JUDGED, INSIDE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
[CONFIG] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
PACKS = ("security", "lifecycle")
LINES = 10
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
LOOK = """
import importlib.metadata, importlib.util, secure_aks
for name in ("settings", "components", "policies", "upgrades", "emulator"):
    assert importlib.util.find_spec(name) is None, name
for name in secure_aks.__all__:
    assert getattr(secure_aks, name).__module__.startswith("secure_aks."), name
print(importlib.metadata.version("secure-aks"))
"""


def relative(path: Path, packages: Path) -> set[str]:
    """The modules of the wheel that one of its files imports, as files below the packages' folder."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        for one in (base, *(base / alias.name for alias in node.names)):
            for file in (one.with_suffix(".py"), one / "__init__.py"):
                if file.is_file():
                    found.add(str(file.relative_to(packages)))
    return found


def test_the_wheel_is_what_its_names_are_made_of_and_no_more(installed: Installed) -> None:
    packages = installed.packages
    held = {str(path.relative_to(packages)) for path in (packages / "secure_aks").rglob("*.py")}
    packages_of = {str(path) for path in map(Path, held) if path.name == "__init__.py"}
    reached, waiting = set[str](), ["secure_aks/__init__.py", "secure_aks/package/provider.py"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += relative(packages / name, packages)
    assert held == reached | packages_of
    assert (packages / "secure_aks" / "py.typed").is_file()


def test_it_needs_nothing_else_of_this_project(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("-c", LOOK, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == VERSION
    assert f"secure_aks-{VERSION}-py3-none-any.whl" in PAGE


def preview(
    installed: Installed, tmp_path: Path, program: str, packs: tuple[str, ...] = PACKS, config: str = CONFIG
) -> subprocess.CompletedProcess[str]:
    """Preview a program beside nothing but the installed wheel."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(config)
    (tmp_path / "__main__.py").write_text(program)
    judged = [word for pack in packs for word in ("--policy-pack", str(ROOT / "policies" / pack))]
    return subprocess.run(
        [sys.executable, "-m", "emulator", "preview", "--dry-run", "--stack", "dev", *judged],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(installed.packages), str(ROOT)]),
            "SECURE_AKS_CLOCK": "2026-11-23",
            "COLUMNS": "200",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.soak
def test_ten_lines_make_a_cluster_that_both_packs_let_through(installed: Installed, tmp_path: Path) -> None:
    assert len([line for line in PROGRAM.splitlines() if line.strip()]) == LINES
    done = preview(installed, tmp_path, PROGRAM)
    assert done.returncode == 0, done.stdout + done.stderr
    for kind in ("containerservice:ManagedCluster", "resources:Deployment", "secure-aks:index:AksCluster"):
        assert len(re.findall(rf"{kind}\b", done.stdout)) == 1, kind
    assert "- 0 mandatory" in done.stdout


def test_both_packs_let_two_clusters_with_pools_and_teams_through(
    installed: Installed, tmp_path: Path
) -> None:
    (tmp_path / "hardened.json").write_text((ROOT / "profiles/seccomp/hardened.json").read_text())
    inside = INSIDE.replace("sha256:...", f"sha256:{'1' * 64}")
    assert inside != INSIDE
    done = preview(installed, tmp_path, JUDGED + inside)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"containerservice:ManagedCluster\b", done.stdout)) == len(("blue", "green"))
    for kind in (
        "index:TeamAccess",
        "index:NodeReboots",
        "index:SecurityProfiles",
        ":DaemonSet",
        ":ResourceQuota",
    ):
        assert kind in done.stdout
    assert "- 0 mandatory" in done.stdout


@pytest.mark.soak
def test_both_packs_let_the_example_of_the_components_through(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "profiles" / "seccomp").mkdir(parents=True)
    profile = Path("profiles") / "seccomp" / "hardened.json"
    (tmp_path / profile).write_text((ROOT / profile).read_text())
    page = (ROOT / "docs" / "components.md").read_text()
    program = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    done = preview(installed, tmp_path, program)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "- 0 mandatory" in done.stdout


@pytest.mark.soak
def test_the_packs_judge_it_as_any_other_program(installed: Installed, tmp_path: Path) -> None:
    worse = JUDGED.replace(
        '"1.35.6", break_glass', '"1.35.6", api_server=aks.ApiServerArgs("public"), break_glass'
    )
    done = preview(installed, tmp_path, worse.replace('"version": "1.35.6"', '"version": "1.31.1"'))
    assert done.returncode == 1
    for rule in ("secure-aks-security/cluster-api-server", "secure-aks-lifecycle/supported-version"):
        assert f"mandatory {rule}" in done.stdout, done.stdout
