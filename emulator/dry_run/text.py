"""A report as lines for people: the tree of what changes, what policies say of it, the outputs and a summary."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from emulator.dry_run.report import is_shown
from emulator.dry_run.text_summary import VERDICTS, last_line, policy_summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emulator.dry_run.operation import Result
    from emulator.dry_run.report import Change, Report, Row, Verdict

    Line = list[tuple[str, str]]
    """One line: pieces of text, each with a style of rich ("" for none)."""

_MARKS = {
    "create": "+",
    "update": "~",
    "delete": "-",
    "replace": "+-",
    "read": ">",
    "same": " ",
    "refresh": "~",
}
_STYLES = {"create": "green", "update": "yellow", "delete": "red", "replace": "magenta", "read": "cyan"}
_SEVERITIES = {"error": "bold red", "warning": "yellow"}
_WIDTH = 100
_CHANGES = 20
"""How many changed properties of a resource are shown, and how many characters of a value; `--json` has all."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def report_lines(
    report: Report, operation: str, stack: str, result: Result | None, *, details_only: bool = False
) -> Iterator[Line]:
    """Yield the whole report; what stays as it is is counted only.

    `details_only` leaves out resources of which no more is to be said than that they changed; without a result the last line is
    left out.
    """
    said = [m for m in report.messages if m[0] != "error"]
    for severity, text in said:
        yield from _message(severity, text, "")
    if said:
        yield []
    yield from _tree(report, details_only=details_only)
    yield from _outputs(report)
    yield from _errors(report)
    yield from policy_summary(report)
    if result is not None:
        yield []
        yield last_line(report, operation, stack, result)


def plain(line: Line) -> str:
    """Return a line without its styles."""
    return "".join(text for text, _ in line).rstrip()


def step_line(row: Row) -> Line:
    """Return the one line that says what was done to a resource."""
    style = _STYLES.get(row.op, "")
    return [
        (f"{_MARKS.get(row.op, '*'):<2} ", style),
        (row.name, "bold" if style else ""),
        (f"  {row.type}", "dim"),
    ]


def _tree(report: Report, *, details_only: bool) -> Iterator[Line]:
    def said(row: Row) -> bool:
        return row.has_details if details_only else row.worth_showing

    shown = {urn for urn, row in report.rows.items() if said(row) and is_shown(row) and urn}
    for urn in list(shown):  # parents of what is shown are shown too
        while (parent := report.rows[urn].parent) and parent in report.rows and parent not in shown:
            shown.add(parent)
            urn = parent  # noqa: PLW2901 - walking up
    children: dict[str, list[Row]] = {}
    for urn, row in report.rows.items():
        if urn in shown:
            children.setdefault(row.parent if row.parent in shown else "", []).append(row)
    yield from _branch(children, "", "", top=True)


def _branch(children: dict[str, list[Row]], urn: str, indent: str, *, top: bool = False) -> Iterator[Line]:
    rows = children.get(urn, [])
    for n, row in enumerate(rows):
        last = n == len(rows) - 1
        stem = "" if top else "└─ " if last else "├─ "
        below = indent + ("" if top else "   " if last else "│  ")
        line = step_line(row)
        yield [
            line[0],
            (indent + stem, "dim"),
            *line[1:],
            *([("  failed", "bold red")] if row.failed else []),
        ]
        inner = "   " + below + ("│  " if children.get(row.urn) else "   ")
        yield from _details(row, inner)
        yield from _branch(children, row.urn, below)


def _details(row: Row, indent: str) -> Iterator[Line]:
    changes = row.changes if row.op in {"update", "replace"} else []
    for change in changes[:_CHANGES]:
        yield [(f"{indent}  ", "dim"), *_change(change)]
    if len(changes) > _CHANGES:
        yield [(f"{indent}  ... and {len(changes) - _CHANGES} more; --json has them all", "dim")]
    for verdict in row.verdicts:
        yield from _verdict(verdict, indent)
    for severity, text in row.messages:
        yield from _message(severity, text, f"{indent}  ")


def _change(change: Change) -> Line:
    kind = change.kind.removesuffix("-replace")
    note: Line = [("  (replaces it)", "magenta")] if change.kind.endswith("-replace") else []
    if kind == "add":
        return [(f"+ {change.path}: ", "green"), (_show(change.new), ""), *note]
    if kind == "delete":
        return [(f"- {change.path}: ", "red"), (_show(change.old), ""), *note]
    return [
        (f"~ {change.path}: ", "yellow"),
        (_show(change.old), ""),
        (" -> ", "dim"),
        (_show(change.new), ""),
        *note,
    ]


def _verdict(verdict: Verdict, indent: str) -> Iterator[Line]:
    mark, style = VERDICTS[verdict.level]
    first, *rest = verdict.message.strip().splitlines() or [""]
    yield [
        (f"{indent}  ", "dim"),
        (f"{mark} {verdict.level} ", style),
        (f"{verdict.policy}: ", "bold"),
        (first, ""),
    ]
    for line in rest:
        yield [(f"{indent}    ", "dim"), (line, "")]


def _message(severity: str, text: str, indent: str) -> Iterator[Line]:
    first, *rest = text.rstrip().splitlines() or [""]
    label = "" if severity.startswith("info") else f"{severity}: "
    yield [
        (indent, "dim"),
        (label, _SEVERITIES.get(severity, "")),
        (first, "" if label else "cyan" if indent else ""),
    ]
    for line in rest:
        yield [(f"{indent}  ", "dim"), (line, "")]


def _outputs(report: Report) -> Iterator[Line]:
    if report.outputs:
        yield []
        yield [("Outputs:", "bold")]
        for change in report.outputs:
            yield [("  ", ""), *_change(change)]


def _errors(report: Report) -> Iterator[Line]:
    for severity, text in report.messages:
        if severity == "error":
            yield []
            yield from _message(severity, text, "")


def _show(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)  # one line, and no commands to the terminal
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + "..."


def joined(lines: Iterable[Line]) -> str:
    """Return lines as plain text."""
    return "\n".join(plain(line) for line in lines)
