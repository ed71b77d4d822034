"""docs/in-parts.md: each part alone, by its own command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
import yaml
from secure_aks_security.admission.manifests import NAMESPACE
from secure_aks_security.admission.parameters import GUARD
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from cli.admission import Mode, documents
from cli.admission import admission as admission_command
from tests.adoption.test_examples import PROGRAMS, parse
from tests.adoption.workflows import ROOT, commands

PAGE = (ROOT / "docs/in-parts.md").read_text(encoding="utf-8")
COMMANDS = [words for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for words in commands(block)]
PROGRAM = """
import pulumi_kubernetes as kubernetes
tool = {"name": "tool", "image": "registry.example/tool:1.0", "securityContext": {"privileged": True}}
kubernetes.core.v1.Pod("tool", metadata={"namespace": "shop"}, spec={"containers": [tool]})
"""


def module(*words, cwd=ROOT):
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SECURE_AKS_CLOCK": "2026-11-23", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_security_pack_judges_a_program_of_somebody_else(tmp_path):
    [pack] = [words[-1] for words in COMMANDS if words[:2] == ["pulumi", "preview"]]
    [config] = re.findall(r"```yaml\n(config:.*?)```", PAGE, re.DOTALL)
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    for text, code in (
        ("config: {}\n", 1),
        (config, 1),
        (config.replace("      pod-privileged: mandatory\n", ""), 0),
    ):
        (tmp_path / "Pulumi.dev.yaml").write_text(text)
        where = str(ROOT / pack.removeprefix("../secure-aks/"))
        done = module(
            "emulator", "preview", "--dry-run", "--stack", "dev", "--policy-pack", where, cwd=tmp_path
        )
        assert "pod-privileged" in done.stdout
        assert done.returncode == code, done.stdout + done.stderr


def test_what_is_published_brings_an_environment_of_its_own(tmp_path):
    """The engine makes one in the unpacked folder unless the pack names another, by a path that leads out of it there."""
    [block] = [text for text in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "policy publish" in text]
    (tmp_path / "secure-aks").symlink_to(ROOT)
    (tmp_path / "mine").mkdir()
    pulumi = tmp_path / "bin" / "pulumi"
    pulumi.parent.mkdir()
    pulumi.write_text("#!/bin/sh\necho $*; pwd\n")
    pulumi.chmod(0o755)
    around = {**os.environ, "PATH": f"{pulumi.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-e", "-c", block],
        cwd=tmp_path / "mine",
        env=around,
        capture_output=True,
        text=True,
        check=True,
    )
    said, where = done.stdout.split("\n")[:2]
    assert said == "policy publish my-organisation"
    folder = Path(where)
    pack = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text())
    assert pack == {
        **yaml.safe_load((ROOT / "policies/security/PulumiPolicy.yaml").read_text()),
        "runtime": {"name": "python", "options": {"toolchain": "pip"}},
    }
    assert (folder / "requirements.txt").read_text().endswith("-e .\n")
    assert (folder / "pyproject.toml").is_file()
    outside = [path for path in folder.rglob("*") if folder not in path.resolve().parents]
    assert outside == []


def admission(*more):
    [words] = [words for words in COMMANDS if words[:2] == ["../secure-aks/secure-aks", "admission"]]
    return module("cli", *words[1:], *more)


def test_the_admission_policies_are_yaml_in_the_order_to_apply():
    done = admission()
    assert done.returncode == 0, done.stderr
    found = list(yaml.safe_load_all(done.stdout))
    kinds = list(dict.fromkeys(one["kind"] for one in found))
    assert kinds == [
        "Namespace",
        "ConfigMap",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
    ]
    assert found[0]["metadata"]["name"] == found[1]["metadata"]["namespace"] == NAMESPACE
    actions = {
        one["metadata"]["name"]: one["spec"]["validationActions"]
        for one in found
        if one["kind"].endswith("Binding")
    }
    # What the rules read is kept from the first day.
    assert actions.pop(GUARD) == ["Deny", "Audit"]
    assert set(map(tuple, actions.values())) == {("Warn", "Audit")}
    assert "&id" not in done.stdout
    said = {"secure-aks:cluster": {"kubernetesVersion": "1.35.6"}}
    rules = configure(load_rules(), said)
    assert documents(rules, Mode.WARN, "1.35.6") == found
    # Another mode is the same objects: what is applied over them leaves nothing of the first behind.
    names = [
        [(one["kind"], one["metadata"]["name"]) for one in documents(rules, mode, "1.35.6")] for mode in Mode
    ]
    assert names[0] == names[1] == names[2]
    assert len(set(names[0])) == len(names[0])


@pytest.mark.parametrize("told", ["v1.33.5+k3s1", "v1.33.5-gke.1080000", "v1.33.5-eks-ba24e9c", "1.33.5"])
def test_a_version_is_taken_as_kubectl_tells_it(told, capsys):
    admission_command(told, mode=Mode.WARN)
    [parameters] = [one for one in yaml.safe_load_all(capsys.readouterr().out) if one["kind"] == "ConfigMap"]
    assert parameters["data"]["kubernetesMinor"] == "33"


@pytest.mark.parametrize("more", [[], ["--config", "Pulumi.prod.yaml"]])
def test_they_judge_as_on_the_version_that_is_named(more):
    done = admission(*more, "--kubernetes-version", "1.33.2")
    assert done.returncode == 0, done.stderr
    [parameters] = [one for one in yaml.safe_load_all(done.stdout) if one["kind"] == "ConfigMap"]
    assert parameters["data"]["kubernetesMinor"] == "33"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--kubernetes-version", "1.29.4"], "stable from 1.30.0"),
        (["--kubernetes-version", "1.35"], "--kubernetes-version"),
        (["--config", "no-such.yaml"], "no-such.yaml"),
    ],
)
def test_what_cannot_be_is_refused(more, says):
    done = admission(*more)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stdout == ""


def test_a_level_that_is_none_is_refused(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("secure-aks:policies: {security: {pod-privileged: never}}\n")
    done = admission("--config", str(path))
    assert done.returncode == 2
    assert "pod-privileged" in done.stderr


def test_each_problem_names_the_file_and_what_to_write(tmp_path, capsys):
    path = tmp_path / "rules.yaml"
    path.write_text(
        "secure-aks:policies: {security: {pod-priviliged: disabled, nothing-like-it: disabled}}\n"
        "secure-aks:exemptions: [{rule: pod-privileged, resource: {name: agent}, reason: because}]\n"
    )
    with pytest.raises(typer.Exit):
        admission_command("1.35.6", config=path)
    said = capsys.readouterr().err.splitlines()
    assert all(line.startswith(f"--config: {path}: secure-aks:") for line in said)
    assert sorted(line.split("secure-aks:", 1)[1] for line in said) == [
        "exemptions[0] does not say until",
        "policies.security.nothing-like-it: there is no such rule; docs/policies.md lists them",
        "policies.security.pod-priviliged: there is no such rule; did you mean pod-privileged?",
    ]


def test_what_it_says_of_upgrades_parses():
    said = [words for words in COMMANDS if words[:2] == ["../secure-aks/secure-aks", "upgrades"]]
    assert {words[2] for words in said} == {"check", "plan"}
    for words in said:
        parse(PROGRAMS["upgrades"], words[2:])
