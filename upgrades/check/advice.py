"""Advice that works as it is pasted, by the versions that fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from upgrades import typed
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.plan.out_of_support import way

from .targets import newest_patch, supported
from .values import ENDED, ENDING, NEWER_IMAGE, NEWER_PATCH, Finding

if TYPE_CHECKING:
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Version

    from upgrades.model.clusters import Cluster

    from .values import Report

TO_TAKE = {NEWER_PATCH: "next", ENDED: "plan", ENDING: "plan"}
"""The command that takes up a finding, by its rule."""
NOTHING = "nothing that fits is offered yet; look again: "


def advised(report: Report, catalog: Catalog, on: date) -> Report:
    """Return the report with commands in its advice: of this tool for a stack, of the Azure CLI for any other cluster."""
    found = (_with_command(report, finding, catalog, on) for finding in report.findings)
    return replace(report, findings=tuple(found))


def _with_command(report: Report, finding: Finding, catalog: Catalog, on: date) -> Finding:
    if finding.rule is NEWER_IMAGE:
        return replace(finding, remedy=f"{finding.remedy}: {_image_command(report, finding.target)}")
    line = next((one for one in report.lines if one.target == finding.target), None)
    if finding.rule not in TO_TAKE or line is None:
        return finding
    if finding.rule is ENDED and (whole := way(report.observed.cluster, catalog, on)):
        return replace(finding, remedy=f"control plane and pools go together: {whole}")
    choose = newest_patch if finding.rule is NEWER_PATCH else supported
    return replace(finding, remedy=_command(report, finding, choose(report.observed, line, catalog, on)))


def _command(report: Report, finding: Finding, target: Version | None) -> str:
    observed = report.observed
    if report.blockers and target is None:
        return report.blockers[0].unblock
    if observed.file is not None:
        if target is None:
            return f"{NOTHING}{typed.command('check', observed.cluster.stack)}"
        command = typed.command(TO_TAKE[finding.rule], observed.cluster.stack, "--to", str(target))
        return f"{finding.remedy}: {command}"
    where = f"--resource-group {observed.cluster.resource_group} --name {observed.cluster.name}"
    step = report.step
    if step is None or target is None:
        return f"{NOTHING}az aks get-upgrades {where}"
    return f"{finding.remedy}, beginning with {step.target}: {az_upgrade(observed.cluster, step.target, f'--kubernetes-version {step.after}')}"


def _image_command(report: Report, pool: str) -> str:
    cluster = report.observed.cluster
    if report.observed.file is None:
        return az_upgrade(cluster, pool, "--node-image-only")
    return typed.command("images", cluster.stack, "--pool", pool)


def az_upgrade(cluster: Cluster, target: str, what: str) -> str:
    """Return the Azure CLI's command that upgrades one control plane alone, or one pool."""
    group = f"--resource-group {cluster.resource_group}"
    if target == CONTROL_PLANE:
        return f"az aks upgrade {group} --name {cluster.name} --control-plane-only {what}"
    return f"az aks nodepool upgrade {group} --cluster-name {cluster.name} --name {target} {what}"
