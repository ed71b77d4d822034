"""docs/first-cluster.md, word for word where no Azure is needed: its commands run, its stack files are taken."""

from __future__ import annotations

import copy
import os
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.azure import ids
from settings.checks.draft import Context
from settings.reading.assemble import assemble
from settings.way_in import findings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "first-cluster.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"<!-- runs without Azure -->\n```sh\n(.*?)```", PAGE, re.DOTALL)[0].splitlines()
SNIPPETS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def dev() -> dict[str, Any]:
    config = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
    return {key.removeprefix("secure-aks:"): value for key, value in config.items()}


def merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    found = copy.deepcopy(base)
    for key, value in more.items():
        found[key] = merged(found[key], value) if isinstance(value, dict) and key in found else value
    return found


def judge(sections: dict[str, Any]) -> None:
    location = sections.pop("azure-native:location")
    context = Context("dev", date(2026, 11, 23), frozenset({"dev", "staging", "prod"}))
    settings, found = assemble(sections, location, context)
    assert found == []
    assert settings is not None
    assert list(findings(settings)) == []


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_what_it_writes_into_the_stack_file_is_taken(snippet):
    said = {key.removeprefix("secure-aks:"): value for key, value in yaml.safe_load(snippet).items()}
    judge(merged(dev(), said))


def test_a_private_stack_with_its_runners_is_taken():
    runners = yaml.safe_load(next(snippet for snippet in SNIPPETS if "runnerSubnet" in snippet))
    private = {"apiServer": {"access": "private", "authorizedIpRanges": []}}
    judge(merged(dev(), {"network": runners["secure-aks:network"], "cluster": private}))


@pytest.mark.parametrize("command", COMMANDS)
def test_what_it_runs_without_azure_runs(command, tmp_path):
    assert command.startswith("make ")
    folder = {"SECURE_AKS_EMULATOR_DIR": str(tmp_path), "SECURE_AKS_CLOCK": "2026-11-23"}
    mine = {"ARGS", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS"}  # what this run's own `make` was told
    inherited = {name: value for name, value in os.environ.items() if name not in mine}
    done = subprocess.run(
        command.split(), cwd=ROOT, env={**inherited, **folder}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_leads_here_before_it_brings_anything_up():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.index("docs/first-cluster.md") < text.index("make azure-up")


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_the_shipped_deployers_are_the_labs_own_identity(stack):
    cluster = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text("utf-8"))["config"][
        "secure-aks:cluster"
    ]
    assert cluster["deployers"] == [{"name": f"aks-{stack}-deployers", "members": [ids.PRINCIPAL]}]
    assert cluster["bootstrap"] is True


def test_its_loader_command_names_the_folder_that_there_is():
    folder = re.findall(r"az acr build .* (profiles/\S+)$", PAGE, re.MULTILINE)[0]
    assert (ROOT / folder / "Dockerfile").is_file()
