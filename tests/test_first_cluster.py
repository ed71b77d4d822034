"""docs/first-cluster.md, word for word where no Azure is needed: its commands run, its stack files are taken."""

from __future__ import annotations

import copy
import os
import re
import subprocess
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.azure import ids
from emulator.azure.aks.machines import sizes
from emulator.azure.types import by_token
from settings.checks.draft import Context
from settings.reading.assemble import assemble
from settings.sections.network import Network
from settings.way_in import findings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "first-cluster.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"<!-- runs without Azure -->\n```sh\n(.*?)```", PAGE, re.DOTALL)[0].splitlines()
SNIPPETS = [textwrap.dedent(one) for one in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


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
    whole = {
        "network": runners["secure-aks:network"],
        "cluster": {**runners["secure-aks:cluster"], **private},
    }
    judge(merged(dev(), whole))


def test_what_it_has_left_out_or_taken_away_again_is_taken():
    first = dev()
    del first["profiles"]
    judge(first)
    later = dev()
    del later["cluster"]["bootstrap"]
    judge(later)


def test_it_counts_the_machines_of_dev():
    sections = dev()
    pools = [sections["systemPool"], *sections["pools"]]
    fewest = sum(pool["autoscaling"]["min"] for pool in pools)
    assert f"Dev, at its fewest, is {fewest} machines." in PAGE


def test_it_counts_the_cores_of_dev():
    sections = dev()
    cores: dict[str, list[int]] = {}
    for pool in (sections["systemPool"], *sections["pools"]):
        size = sizes()[pool["vmSize"].lower()]
        found = cores.setdefault(
            "lowPriorityCores" if pool.get("priority") == "Spot" else size.family, [0, 0]
        )
        for end, nodes in enumerate(("min", "max")):
            found[end] += size.vcpus * pool["autoscaling"][nodes]
    (ddsv5, dsv5, spot) = (
        cores[name] for name in ("standardDDSv5Family", "standardDSv5Family", "lowPriorityCores")
    )
    assert len(cores) == 3
    said = " ".join(PAGE.split())
    assert f"takes {ddsv5[0]} cores of standardDDSv5Family and {dsv5[0]} of standardDSv5Family;" in said
    assert f"at its most {ddsv5[1]}, {dsv5[1]}, and {spot[1]} of lowPriorityCores for spot" in said


def test_it_registers_each_service_that_the_program_uses():
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "components").rglob("*.py"))
    named = {name for name in re.findall(r"azure-native:(\w+:\w+)", source) if name in by_token()}
    for module in re.findall(r"from pulumi_azure_native import ([\w, ]+)", source):
        for one in module.split(", "):
            named |= {
                token
                for token in by_token()
                if token.startswith(f"{one}:") and f"{one}.{token[len(one) + 1 :]}(" in source
            }
    used = {by_token()[token].arm_type.partition("/")[0] for token in named}
    assert len(used) > 5
    registered = re.findall(r"for name in ([\w ]+); do", PAGE)[0].split()
    assert used - {"Microsoft.Authorization", "Microsoft.Resources"} <= {
        f"Microsoft.{name}" for name in registered
    }


def test_the_stacks_come_in_the_order_of_their_promotions():
    order = re.findall(r"stacks: ([\w, ]+);", PAGE.replace("\n", " "))[0].split(", ")
    follows = {
        name: yaml.safe_load((ROOT / f"Pulumi.{name}.yaml").read_text("utf-8"))["config"].get(
            "secure-aks:promotion", {}
        )
        for name in order
    }
    assert [follows[name].get("follows") for name in order] == [None, *order[:-1]]


def test_the_runner_goes_where_the_stack_has_a_place_for_it():
    prod = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text("utf-8"))["config"]
    cluster, network = (
        prod["secure-aks:cluster"],
        Network.model_validate({"runner_subnet": prod["secure-aks:network"]["runnerSubnet"]}),
    )
    (command,) = re.findall(r"az vm create (.*?)az vm show", PAGE, re.DOTALL)
    assert f"--resource-group rg-{cluster['name']} " in command
    assert f"--vnet-name vnet-{cluster['name']} " in command
    assert 'f"vnet-{self.stack.cluster.name}"' in (ROOT / "components/program/from_stack.py").read_text(
        "utf-8"
    )
    (subnet,) = network.set_apart
    assert f"--subnet {subnet} " in command


def test_every_file_and_folder_in_a_command_exists():
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
    named = set(re.findall(r"(?<![\w/-])(?:policies|profiles)/\w+", blocks))
    assert len(named) == 3
    assert all((ROOT / path).is_dir() for path in named)


@pytest.mark.parametrize(
    "command",
    # a preview on the engine by `make`: tests/engine/test_terminal.py, with more to it
    [pytest.param(one, marks=[pytest.mark.soak] if "preview" in one else []) for one in COMMANDS],
)
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
