"""Advice that can be typed as it stands and names the newest version that fits, and what several gates miss told once."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from upgrades.check.advice import advised
from upgrades.check.assess import assess
from upgrades.check.data import as_data
from upgrades.check.summary import as_summary
from upgrades.check.upcoming import upcoming
from upgrades.check.values import Check, Observed
from upgrades.check.words import readiness
from upgrades.gates.base import Finding, Level, Result, Verdict, When

STACK = Path("Pulumi.dev.yaml")


def result(code, verdict, *findings):
    return Result(code, code, Level.REQUIRED, When.BEFORE, verdict, findings)


def report(*gates, here=None, file: Path | None = STACK, within=600, **seen):
    observed = Observed(here or cluster("1.34.3"), "stack dev", file, **seen)
    following = upcoming(observed, catalog(), TODAY)
    return advised(assess(observed, following, gates, catalog(), TODAY, within), catalog(), TODAY)


def remedies(**given):
    found = report(**given).findings
    return {(finding.rule.id, finding.target): finding.remedy for finding in found}


def test_a_command_in_the_advice_has_all_it_needs():
    said = remedies()
    assert said["UPG004", "control plane"] == "take it: python -m upgrades next --stack dev --to 1.34.7"
    assert (
        said["UPG002", "control plane"]
        == "plan the upgrade now: python -m upgrades plan --stack dev --to 1.36.7"
    )


@pytest.mark.parametrize(
    ("control_plane", "spot", "target"),
    [
        ("1.34.3", "1.34.2", "1.34.7"),  # not the version of the control plane, which is overtaken
        ("1.34.7", "1.34.3", "1.34.7"),
        ("1.35.3", "1.34.3", "1.35.7"),  # its own minor's newest lies below the control plane
    ],
)
def test_a_pool_that_is_behind_is_advised_the_newest_patch_there_is(control_plane, spot, target):
    here = cluster(control_plane, [pool("spot", spot)])
    assert remedies(here=here)["UPG004", "spot"].endswith(f"next --stack dev --to {target}")


def test_what_azure_does_not_offer_is_not_advised():
    offered = {"control plane": frozenset({v("1.34.5"), v("1.35.4")})}
    said = remedies(offered=offered)
    assert said["UPG004", "control plane"].endswith("--to 1.34.5")


def test_what_is_no_stack_is_advised_the_azure_clis_command():
    here = cluster("1.34.3", [pool("spot", "1.34.3")], resource_group="rg")
    said = remedies(here=here, file=None, images={"spot": "old"}, newest_images={"spot": "new"})
    assert said["UPG004", "spot"] == (
        "take it, beginning with control plane: az aks upgrade --resource-group rg --name aks --control-plane-only "
        "--kubernetes-version 1.34.7"
    )
    assert said["UPG005", "spot"].endswith(
        "az aks nodepool upgrade --resource-group rg --cluster-name aks --name spot --node-image-only"
    )


def test_a_stacks_pool_is_advised_this_tools_own_way_to_a_new_image():
    here = cluster("1.34.3", [pool("spot", "1.34.3")])
    said = remedies(here=here, images={"spot": "old"}, newest_images={"spot": "new"})
    assert said["UPG005", "spot"].endswith("python -m upgrades images --stack dev --pool spot")


def test_where_nothing_fits_no_version_is_made_up():
    here = cluster("1.34.7", resource_group="rg")
    offered = {"control plane": frozenset()}
    for file, command in (
        (STACK, "python -m upgrades check --stack dev"),
        (None, "az aks get-upgrades --resource-group rg --name aks"),
    ):
        said = remedies(here=here, file=file, offered=offered)
        assert said["UPG002", "control plane"] == f"nothing that fits is offered yet; look again: {command}"


def test_what_several_gates_miss_is_told_once():
    why = "https://aks cannot be reached"
    gates = [
        result(code, Verdict.UNKNOWN, Finding("nodes", why, "")) for code in ("NODE001", "PDB001", "POD002")
    ]
    gates.append(result("OPS001", Verdict.FAIL, Finding("general", "is busy", "`resume` when that is done")))
    told = report(*gates)
    found = [finding for finding in told.findings if finding.rule.id in {"UPG003", "UPG006"}]
    assert [(finding.rule.id, finding.message, finding.remedy) for finding in found] == [
        ("UPG006", "OPS001 OPS001: general is busy", "check again when that is done"),
        ("UPG003", f"not known: {why}", "then these gates can tell: NODE001, PDB001, POD002"),
    ]
    assert (told.ready, readiness(told)) == (False, "no: OPS001; unknown: NODE001, PDB001, POD002")


def written(table):
    console = Console(file=StringIO(), width=160)
    console.print(table)
    return console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]  # a StringIO


UNREAD, IN_THE_WAY = Finding("nodes", "no answer", ""), Finding("general", "is busy", "")


@pytest.mark.parametrize(
    ("verdict", "level", "ready", "said", "code"),
    [
        (Verdict.PASS, Level.REQUIRED, True, "yes, by 1 gate", 0),
        (Verdict.IGNORED, Level.REQUIRED, True, "yes, by 1 gate", 0),
        (Verdict.UNKNOWN, Level.RECOMMENDED, True, "yes, by 1 gate", 0),
        (Verdict.FAIL, Level.REQUIRED, False, "no: NODE001", 0),
        (Verdict.UNKNOWN, Level.REQUIRED, None, "unknown: NODE001", 2),
    ],
)
def test_a_needed_gate_that_is_unknown_is_neither_ready_nor_done(verdict, level, ready, said, code):
    finding = UNREAD if verdict is Verdict.UNKNOWN else IN_THE_WAY
    gate = replace(result("NODE001", verdict, *(() if ready else (finding,))), level=level)
    told = report(gate, here=cluster("1.36.2"), within=30)
    assert (told.ready, readiness(told)) == (ready, said)
    done = Check(TODAY, 30, TODAY, [told])
    assert {True: " yes ", False: " no ", None: " unknown "}[ready] in written(as_summary(done))
    assert (done.exit_code, as_data(done)["clusters"][0]["ready"]) == (code, ready)
