"""docs/node-updates.md says what is so, and every wrong combination that people report is refused or mended."""

import re
from pathlib import Path

import pytest
import yaml
from secure_aks_lifecycle.rules import RULES
from typer.testing import CliRunner

from components.program.reboots import reboots_args
from components.reboots.rights import rights
from components.reboots.values import kured_values
from settings.sections.kured import Kured
from settings.sections.maintenance import Maintenance
from settings.sections.node_updates import NodeUpdates
from tests.lifecycle.builders import agent_pool, judge
from tests.settings.helpers import GONE, good, read
from upgrades.cli import app

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "node-updates.md").read_text()
EXAMPLES = re.findall(r"```yaml( refused)?\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize(("refused", "example"), EXAMPLES)
def test_examples(refused, example):
    _, findings = read(yaml.safe_load(example))
    assert bool(findings) is bool(refused), findings


@pytest.mark.parametrize("row", re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", TEXT, re.MULTILINE))
def test_modes(row):
    mode, channel = row
    assert NodeUpdates.model_validate({"mode": mode}).channel == channel


def test_every_mode_is_in_the_table():
    rows = re.findall(r"^\| `([a-z-]+)` \| \w+ \|", TEXT, re.MULTILINE)
    assert rows == ["kured", "security-patch", "node-image", "none"]


def test_rules_that_the_page_names_exist():
    named = set(re.findall(r"node-(?:os-channel-change|image-age)", TEXT))
    assert named == {"node-os-channel-change", "node-image-age"}
    assert named <= {rule.id for rule in RULES}


def test_commands(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    lines = re.search(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    assert lines
    for line in lines[1].splitlines():
        if line.startswith("make "):
            assert re.search(rf"^{line.split()[1]}:.*\n\t@\$\(BIN\)/python -m upgrades windows", (ROOT / "Makefile").read_text(), re.MULTILINE)  # fmt: skip
            continue
        words = line.split("./secure-aks ")[1].split()
        assert CliRunner().invoke(app, words).exit_code == 0, line


IMAGES = ["AKSWindows-2025-26100.2894.260901", "AKSUbuntu-2404gen2containerd-202609.01.0", "AKSAzureLinux-V3gen2-202609.01.0"]  # fmt: skip


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize(("days", "told"), [(80, True), (90, False)])
def test_the_age_of_an_image_is_told_of_windows_and_linux_pools(image, days, told):
    """The clock of these tests stands at 2026-11-23, 83 days after the images."""
    pool = agent_pool(nodeImageVersion=image, osType="Windows" if "Windows" in image else "Linux")
    config = {"secure-aks:policies": {"lifecycle": {"node-image-age": {"nodeImageDays": days}}}}
    [rule] = [rule for rule in RULES if rule.id == "node-image-age"]
    said = [finding.message for finding in judge(config).stack(rule, [pool])]
    assert (
        any(f"node image {image} is " in line and "days old; upgrade the node image" in line for line in said)
        is told
    )


def kured(**changes):
    return {f"nodeUpdates.kured.{key}": value for key, value in changes.items()}


NO_WINDOW = {"maintenance.nodeOs": GONE}
REFUSED = {
    "kured on AKS's default channel does nothing (facts 6)": {"nodeUpdates.mode": "node-image"},
    "kured with SecurityPatch does nothing (facts 6)": {"nodeUpdates.mode": "security-patch"},
    "kured without patches does nothing (facts 6)": {"nodeUpdates.mode": "none"} | NO_WINDOW,
    "Unmanaged without kured never reboots (facts 6)": {"nodeUpdates.kured": None},
    "no patches at all in prod (facts 6)": {"nodeUpdates": {"mode": "none"}} | NO_WINDOW,
    "a lock that never ends (facts 6, pain 14: kured 847)": kured(lockTtl="0s"),
    "a drain that never ends (facts 6, pain 14: kured 173)": kured(drainTimeout="0s"),
    "a lock that ends in the middle of a turn": kured(lockTtl="50m"),
    "a reboot in spite of a PodDisruptionBudget (pain 12)": kured(forceReboot=True),
    "kured outside the node OS window": kured(startTime="12:00", endTime="14:00"),
    "a drain that outlasts the node OS window": kured(drainTimeout="3h", lockTtl="5h"),
    "kured every week in a monthly window": {"maintenance.nodeOs": {"monthly": {"dayOfMonth": 1}, "startTime": "22:00", "hours": 8}},
    "kured while AKS upgrades": {"environment": "dev"} | NO_WINDOW | kured(days=["sa"], startTime="08:30", endTime="09:30"),
    "a pause in which the hours pass by": kured(period="5h"),
    "a Prometheus that answers 401, which blocks for ever (facts 6)": kured(prometheus={"url": "https://a.eastus.prometheus.monitor.azure.com"}),
    "a filter that kured does not start with": kured(prometheus={"url": "http://p", "alertFilter": "(?<!a)b"}),
    "the overdue alert stops the reboot that ends it": kured(prometheus={"url": "http://p", "alertFilter": "^Kured", "alertFilterMatchOnly": True}),
    "alertFilterMatchOnly with nothing to match": kured(prometheus={"url": "http://p", "alertFilterMatchOnly": True}),
    "labels before that no label after takes back": kured(preRebootNodeLabels={"a": "b"}),
    "a window for updates that never come": {"environment": "dev", "nodeUpdates": {"mode": "none"}},
    "windows that overlap": {"maintenance.releases.weekly.day": "Saturday"},
    "a window on the 31st": {"maintenance.upgrades": {"monthly": {"dayOfMonth": 31}, "startTime": "10:00", "hours": 4}},
    "a window too short for AKS": {"maintenance.upgrades.hours": 3},
}  # fmt: skip


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_refused(changes):
    settings, findings = read(changes)
    assert settings is None
    for finding in findings:
        assert finding.path.startswith(("secure-aks:nodeUpdates", "secure-aks:maintenance"))
        assert finding.why
        assert finding.remedy


ARGS = reboots_args(
    Kured(),
    good().all_pools,
    Maintenance.model_validate({"notAllowed": [{"start": "2026-12-18", "end": "2027-01-04"}]}).not_allowed,
)
VALUES = kured_values(ARGS.kured, ARGS.pools)
RIGHTS = rights(ARGS.kured, ARGS.not_allowed)
MENDED = {
    "the chart's container is privileged (facts 6)": VALUES["containerSecurityContext"]["privileged"] is False,
    "`signal` alone does not change the context (facts 6)": VALUES["containerSecurityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["KILL"]},
    "the chart tolerates no AKS taint (facts 6)": {"CriticalAddonsOnly", "kubernetes.azure.com/scalesetpriority"} <= {one["key"] for one in VALUES["tolerations"]},
    "the chart's lockTtl is never (pain 14: kured 137)": VALUES["configuration"]["lockTtl"] == "2h",
    "the chart's drainTimeout is never (pain 14)": VALUES["configuration"]["drainTimeout"] == "30m",
    "a number 0 is no value to the chart": VALUES["configuration"]["skipWaitForDeleteTimeout"] == "0",
    "kured knows no days without maintenance": "no node is rebooted from 2026-12-18" in str(RIGHTS),
    "the chart's roles may delete any pod": "delete" not in str(RIGHTS),
    "Windows has no kured (facts 6)": VALUES["nodeSelector"] == {"kubernetes.io/os": "linux"},
}  # fmt: skip


@pytest.mark.parametrize("pain", MENDED)
def test_mended(pain):
    assert MENDED[pain]
