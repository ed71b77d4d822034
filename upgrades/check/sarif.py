"""A check as SARIF 2.1.0, the form in which code hosts and CI systems take findings (docs.oasis-open.org/sarif)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from settings import SettingsError
from settings.cluster_names import further_of
from settings.reading.source import read
from upgrades.files.edit import line_of
from upgrades.files.yaml_nodes import EditError
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.render.escape import inert

from .values import RULES, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .values import Check, Finding, Observed, Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
TOOL = "secure-aks-upgrades"


def as_sarif(check: Check) -> dict[str, Any]:
    """Return the check as one SARIF run: a finding of a stack points at its line in the stack file."""
    rules = [
        {
            "id": rule.id,
            "name": rule.title.title().replace(" ", ""),
            "shortDescription": {"text": rule.title},
            "defaultConfiguration": {"level": str(rule.severity)},
        }
        for rule in RULES
    ]
    driver = {"name": TOOL, "rules": rules}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": list(_results(check))}],
    }


def _results(check: Check) -> Iterator[dict[str, Any]]:
    for report in check.reports:
        observed = report.observed
        for finding in report.findings:
            name = f"{observed.cluster.name}/{finding.target}" if finding.target else observed.cluster.name
            text = f"{observed.cluster.name}: {finding.message}. {finding.remedy}."
            where = f"{observed.where}#{name}{finding.path and f' {finding.path}'}"
            yield _result(finding.rule, text, where, observed.file, _line(observed, finding))
    for item in check.unseen:
        yield _result(UNTOLD, f"{item.name}: {item.why}", item.where, item.file, 1)


def _plain(text: str) -> str:
    """Return foreign text in which no link is embedded (section 3.11.6) and nothing steers a terminal."""
    shown = inert(text)
    return shown.replace("[", "\\[").replace("]", "\\]") if "](" in shown else shown


def _line(observed: Observed, finding: Finding) -> int:
    file, further = observed.file, further_of(observed.cluster.stack)
    if file is None:
        return 1
    try:
        return (finding.path and read(file).line(finding.path)) or line_of(
            file, finding.target or CONTROL_PLANE, further
        )
    except (EditError, SettingsError):
        return 1


def _result(rule: Rule, text: str, where: str, file: Path | None, line: int) -> dict[str, Any]:
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": where, "kind": "resource"}]}
    if file is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": file.name},
            "region": {"startLine": line},
        }
    # The same finding keeps its fingerprint while versions and days move on, so that it is one alert and not a new one each day.
    fingerprint = hashlib.sha256(f"{rule.id} {where}".encode()).hexdigest()
    return {
        "ruleId": rule.id,
        "ruleIndex": RULES.index(rule),
        "level": str(rule.severity),
        "message": {"text": _plain(text)},
        "locations": [location],
        "partialFingerprints": {"secureAksFinding/v1": fingerprint},
    }
