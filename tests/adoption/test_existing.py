"""docs/existing-cluster.md: its stack file and its commands, run."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from settings.reading.load import load_file
from tests.adoption.workflows import ROOT, commands
from tests.command_line import stack_files

PAGE = (ROOT / "docs/existing-cluster.md").read_text(encoding="utf-8")
[CONFIG] = re.findall(r"```yaml\n(config:.*?)```", PAGE, re.DOTALL)
COMMANDS = [words for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for words in commands(block)]


def test_the_page_s_stack_is_previewed_by_its_command_without_engine_cluster_or_account(tmp_path):
    folder = stack_files(tmp_path)
    for name in ("__main__.py", "components", "settings", "policies"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "Pulumi.kind.yaml").write_text(CONFIG, encoding="utf-8")
    [words] = [words for words in COMMANDS if "--dry-run" in words and words[0] == "./secure-aks"]
    env = {name: value for name, value in os.environ.items() if name != "KUBECONFIG"}
    env |= {
        "PYTHONPATH": str(ROOT),
        "SECURE_AKS_CLOCK": "2026-11-23",
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "cli", *words[1:]],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "azure-native:" not in done.stdout
    assert "azuread:" not in done.stdout
    assert "payments-developers" in done.stdout
    assert "kind is there already, by the context kind-kind" in done.stdout
    assert "0 mandatory" in done.stdout


def test_its_up_names_both_packs():
    [up] = [words for words in COMMANDS if words[:2] == ["pulumi", "up"]]
    packs = [up[index + 1] for index, word in enumerate(up) if word == "--policy-pack"]
    assert sorted(packs) == ["policies/lifecycle", "policies/security"]
    assert all((ROOT / pack / "PulumiPolicy.yaml").is_file() for pack in packs)


def test_what_it_says_of_openings_and_add_ons_is_taken(tmp_path):
    more = re.findall(r"`(secure-aks:admission: \{.*?\})`", PAGE)
    path = tmp_path / "Pulumi.kind.yaml"
    path.write_text(CONFIG + "".join(f"  {line}\n" for line in more), encoding="utf-8")
    assert load_file(path).admission.system_namespaces == ("local-path-storage",)
