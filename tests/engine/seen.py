"""What a preview shows, by the engine and by the dry run, in one shape that can be compared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi.automation import CommandError

from emulator.dry_run.preview import preview
from emulator.dry_run.project import Project
from emulator.properties.urns import PROVIDER_PREFIX, name_of, type_of
from emulator.properties.values import mask
from emulator.properties.wire import UNKNOWNS
from tests.lab_stack import LabStack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Seen:
    """Inputs by URN, verdicts (pack, policy, level, URN, words), and errors (URN or "", words)."""

    inputs: dict[str, Any]
    verdicts: frozenset[tuple[str, str, str, str, str]]
    errors: frozenset[tuple[str, str]]
    ok: bool


def by_engine(stack: str, folder: Path, packs: Sequence[Path]) -> Seen:
    """Preview on the engine, in a lab in which no stack is up."""
    events: list[Any] = []
    try:
        LabStack(stack, folder, packs).preview(on_event=events.append)
        ok = True
    except CommandError:
        ok = False
    steps = [e.resource_pre_event.metadata for e in events if e.resource_pre_event]
    said = [e.policy_event for e in events if e.policy_event]
    told = [e.diagnostic_event for e in events if e.diagnostic_event]
    return Seen(
        {one.urn: _plain((one.new and one.new.inputs) or {}) for one in steps if not _is_default(one.urn)},
        frozenset(
            (p.policy_pack_name, p.policy_name, p.enforcement_level, p.resource_urn, _last(p.message))
            for p in said
        ),
        frozenset((d.urn or "", d.message.strip()) for d in told if d.severity == "error"),
        ok,
    )


def by_dry_run(stack: str, folder: Path, packs: Sequence[Path]) -> Seen:
    """Preview without an engine."""
    project = Project.load(folder)
    report = preview(project, stack, project.load_config(stack), packs)
    rows = [row for row in report.rows.values() if row.op and not _is_default(row.urn)]
    levels = {"unknown": "advisory"}  # to the engine it is one
    return Seen(
        {row.urn: json.loads(json.dumps(mask(row.inputs))) for row in rows},
        frozenset(
            (v.pack, v.policy, levels.get(v.level, v.level), v.urn, _last(v.message))
            for v in report.verdicts()
        ),
        frozenset((urn, words.strip()) for urn, words in report.errors()),
        report.ok,
    )


def _is_default(urn: str) -> bool:
    """Whether it is a provider that nobody asked for."""
    return type_of(urn).startswith(PROVIDER_PREFIX) and name_of(urn).startswith("default")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k != "__internal"}  # the engine's own, of providers
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return "[unknown]" if isinstance(value, str) and value in UNKNOWNS else value


def _last(message: str) -> str:
    """Return a verdict's own words, after the policy's description."""
    return message.strip().splitlines()[-1]
