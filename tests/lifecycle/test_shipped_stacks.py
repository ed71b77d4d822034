"""The shipped program and stack files on the engine, with the pack: what must be refused at preview is, in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pulumi.automation import CommandError

from tests.lab_stack import LabStack
from tests.project_copy import PACKS, copy_of, edit
from tests.shipped_up import BEHIND, TODAY, ShippedUp, let_off_promotion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi.automation import EngineEvent

LIFECYCLE = PACKS[1:]
REMOVED_API = """
from components.parts.token_resource import KubernetesObject
budget = {"apiVersion": "policy/v1beta1", "kind": "PodDisruptionBudget", "metadata": {"name": "web", "namespace": "payments"}}
KubernetesObject("web-budget", budget, pulumi.ResourceOptions(provider=cluster.provider))
"""


@pytest.fixture
def project(shipped_up: ShippedUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project with its stacks up, today."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)
    return copy_of(shipped_up.folder, tmp_path / "project")


@pytest.fixture
def refusal(project: Path) -> Callable[..., str]:
    """Preview a stack after edits of its file; return what was printed by a preview that had to fail, as one line."""

    def preview(name: str, *edits: tuple[str, str]) -> str:
        for line, replacement in edits:
            edit(project / f"Pulumi.{name}.yaml", line, replacement)
        with pytest.raises(CommandError) as error:
            LabStack(name, project, policy_packs=LIFECYCLE).preview()
        return re.sub(r"\s+", " ", str(error.value))

    return preview


@pytest.mark.soak
def test_two_pools_at_once_one_of_another_size_and_a_team_that_gets_nodes(
    refusal: Callable[..., str],
) -> None:
    """Of the team's nodes what is made and what moves is told, and that the nodes come first."""
    pool = "{name: own, namespace: payments, version: 1.35.6, vmSize: Standard_D4ds_v5, osSku: Ubuntu2404, count: 2}"
    said = refusal(
        "dev",
        ("secure-aks:pools:", f"secure-aks:pools:\n    - {pool}"),
        ("- name: payments", "- name: payments\n      isolation: nodes"),
        ("name: general > vmSize: Standard_D4ds_v5", "vmSize: Standard_D8ds_v5"),
        ("name: spot > version: 1.35.5", "version: 1.35.6"),
        ("name: sandbox > version: 1.35.6", "version: 1.35.5"),
    )
    assert "2 changes in one `up` (pool spot" in said
    assert "pool sandbox" in said
    assert "put the others back, and take them one by one afterwards" in said
    assert (
        "pool general of aks-dev: vmSize changes from Standard_D4ds_v5 to Standard_D8ds_v5, which Azure cannot do in place; "
        "add a new pool beside it, move the workloads, and remove the old one in a later `up`"
    ) in said
    for words in (
        "team payments goes to `nodes`, and no nodes of its own are there yet",
        "team payments of aks-dev goes from `namespace` to `nodes`. Made: the nodes of pool own, tainted",
        "tainted secure-aks/namespace=payments:NoSchedule, a refusal of every pod in payments that does not name these nodes",
        "Moves: each pod of payments when it next starts, and nothing that runs",
    ):
        assert words in said


@pytest.mark.soak
def test_a_pool_ahead_of_its_control_plane(refusal: Callable[..., str]) -> None:
    assert "the control plane goes first" in refusal(
        "prod", ("name: general > version: 1.34.9", "version: 1.35.6")
    )


@pytest.mark.soak
def test_everything_wrong_at_once_is_told_and_a_team_goes_in_prod_once_that_is_said_twice(
    project: Path, refusal: Callable[..., str]
) -> None:
    file, program = project / "Pulumi.prod.yaml", project / "__main__.py"
    before = file.read_text("utf-8"), program.read_text("utf-8")
    without(file, "checkout")
    program.write_text(before[1] + REMOVED_API, "utf-8")
    said = refusal(
        "prod",
        ("kubernetesVersion: 1.34.10", "kubernetesVersion: 1.36.2"),
        ("name: general > version: 1.34.9", "version: 1.35.6"),
        ("name: memory > vmSize: Standard_E16ds_v5", "vmSize: Standard_E32ds_v5"),
    )
    for words in (
        "2 changes in one `up`",
        "Keep control plane of aks-prod 1.34.10 -> 1.36.2, put the others back",
        "1.36.2 has not run on staging, which runs 1.34.10; take this step there first, then wait 7 days",
        "vmSize changes from Standard_E16ds_v5 to Standard_E32ds_v5, which Azure cannot do in place; add a new pool",
        "PodDisruptionBudget web: policy/v1beta1 is not served by Kubernetes 1.36.2",
        "use policy/v1",
        "team checkout is no longer in the stack file",
    ):
        assert words in said
    advice = re.search(r"under `secure-aks:exemptions`: (- \{rule: team-removal, .*?until: [\d-]+\})", said)
    assert advice
    for path, text in zip((file, program), before, strict=True):
        path.write_text(text, "utf-8")
    without(file, "checkout")
    edit(file, "secure-aks:exemptions: []", f"secure-aks:exemptions:\n    {advice[1]}")
    shown = LabStack("prod", project, policy_packs=LIFECYCLE).preview().stdout
    assert "exempt from team-removal until 2026-11-23: why it goes" in re.sub(r"\s+", " ", shown)


@pytest.mark.soak
def test_a_version_past_its_end(refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2027-04-01")
    said = refusal("dev")
    assert "1.35.6 has had platform support only since 2027-03-31" in said
    assert "take control plane and pools together to 1.36.3" in said


def shown_diff(project: Path, name: str, line: str, bumped: str) -> str:
    """Preview a bump to 1.35.6 with all that differs; return what was printed."""
    edit(project / f"Pulumi.{name}.yaml", line, bumped)
    shown = LabStack(name, project, policy_packs=LIFECYCLE).preview(diff=True).stdout
    lines = shown.splitlines()
    assert len(lines) < 100, shown
    changed = [text for text in lines if "1.35.6" in text and text.lstrip().startswith("~")]
    assert len(changed) == 2, "the resource and the record"
    return shown


def test_a_bump_is_shown_in_fewer_than_a_hundred_lines(project: Path) -> None:
    pool, old, new = BEHIND["dev"]
    shown_diff(project, "dev", f"name: {pool} > version: {old}", f"version: {new}")


@pytest.mark.soak
def test_a_bump_of_a_control_plane_too(project: Path) -> None:
    shown_diff(project, "staging", "kubernetesVersion: 1.34.10", "kubernetesVersion: 1.35.6")


@pytest.mark.soak
def test_an_emergency_is_exempt_by_name_and_shown(project: Path) -> None:
    let_off_promotion(project / "Pulumi.prod.yaml", "aks-prod", "a test")
    shown = shown_diff(project, "prod", "kubernetesVersion: 1.34.10", "kubernetesVersion: 1.35.6")
    assert "emergency-override" in shown
    assert "exempt from promotion until 2026-12-01: a test" in re.sub(r"\s+", " ", shown)


@pytest.mark.soak
def test_a_team_that_goes_is_told_in_dev(project: Path) -> None:
    without(project / "Pulumi.dev.yaml", "checkout")
    shown = LabStack("dev", project, policy_packs=LIFECYCLE).preview().stdout
    assert (
        "team checkout is no longer in the stack file, and with that goes the namespace checkout with every workload, "
        "Secret and volume claim in it and the Entra groups checkout-dev-developers, checkout-dev-operators"
    ) in re.sub(r"\s+", " ", shown)


@pytest.mark.soak
def test_a_team_with_a_new_name_and_its_old_namespace_keeps_everything(project: Path) -> None:
    edit(project / "Pulumi.dev.yaml", "- name: checkout\n", "- name: shop\n      namespace: checkout\n")
    gone: list[str] = []

    def note(event: EngineEvent) -> None:
        if (step := event.resource_pre_event) and step.metadata.op.value not in {"same", "update", "read"}:
            gone.append(f"{step.metadata.op.value} {step.metadata.urn}")

    LabStack("dev", project, policy_packs=LIFECYCLE).preview(on_event=note)
    assert {one.split("::")[2] for one in gone} == {"secure-aks:index:TeamAccess"}, gone


def without(file: Path, team: str) -> None:
    """Take a team out of a stack file."""
    text, count = re.subn(rf"(?m)^    - name: {team}\n(?:      .*\n)*", "", file.read_text(encoding="utf-8"))
    assert count == 1
    file.write_text(text, encoding="utf-8")
