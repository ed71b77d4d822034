"""The end of a report: what the policies said and how the run ended."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.dry_run.operation import Result
    from emulator.dry_run.report import Report
    from emulator.dry_run.text import Line

VERDICTS = {"mandatory": ("x", "bold red"), "advisory": ("!", "yellow"), "unknown": ("?", "cyan")}
"""The mark and the style of each level."""
_PLANNED = {
    "create": "to create",
    "update": "to update",
    "delete": "to delete",
    "replace": "to replace",
    "same": "unchanged",
}
_DONE = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "replace": "replaced",
    "same": "unchanged",
}


def policy_summary(report: Report) -> Iterator[Line]:
    """Yield the packs, how often they said what, and each policy that said something."""
    if not report.packs:
        return
    verdicts = report.verdicts()
    levels = Counter(v.level for v in verdicts)
    found: Line = []
    for level, (_, style) in VERDICTS.items():
        found += [
            ("" if not found else ", ", ""),
            (f"{levels[level]} {level}", style if levels[level] else "dim"),
        ]
    yield []
    yield [
        ("Policies: ", "bold"),
        (", ".join(f"{n} v{v}" for n, v in sorted(report.packs.items())), ""),
        (" - ", "dim"),
        *found,
    ]
    at: dict[tuple[str, str], set[str]] = {}
    for verdict in verdicts:
        at.setdefault((verdict.policy, verdict.level), set()).add(verdict.urn)
    for (policy, level), urns in at.items():
        mark, style = VERDICTS[level]
        yield [
            (f"  {mark} {level} ", style),
            (policy, ""),
            (f"  at {len(urns)} resource{'s' if len(urns) > 1 else ''}", "dim"),
        ]


def last_line(report: Report, operation: str, stack: str, result: Result) -> Line:
    """Return the counts and the duration, or why it failed."""
    words = _PLANNED if report.planning else _DONE
    counts = [
        f"{n} {words[op.value]}"
        for op, n in sorted(result.changes.items(), key=_op_order)
        if op.value in words
    ]
    what = ", ".join(counts) or "nothing to do"
    verb: Line = [(f"{operation} of {stack} ", "bold")]
    if not result.ok:
        violated = sum(v.level == "mandatory" for v in report.verdicts())
        errors = len(report.errors())
        why = [f"{violated} mandatory policy violation{'s' if violated > 1 else ''}"] if violated else []
        why += [f"{errors} error{'s' if errors > 1 else ''}"] if errors else []
        verb += [("failed", "bold red"), (f" ({', '.join(why)})" if why else "", "red")]
    else:
        verb += [("succeeded", "bold green")]
    return [*verb, (f": {what}", ""), (f" in {result.seconds:.1f} s", "dim")]


def _op_order(item: tuple[Any, int]) -> int:
    return [*_PLANNED, item[0].value].index(item[0].value)
