"""A report as lines for people: what the program says, the tree of resources, outputs, verdicts, a summary."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from emulator.dry_run.report import LEVELS
from emulator.properties.values import mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.dry_run.report import Report, Row, Verdict

    Line = list[tuple[str, str]]
    """One line: pieces of text, each with a style of rich ("" for none)."""

_MARKS = {"create": ("+", "green"), "read": (">", "cyan")}
_VERDICTS = {"mandatory": ("x", "bold red"), "advisory": ("!", "yellow"), "unknown": ("?", "cyan")}
_SEVERITIES = {"error": "bold red", "warning": "yellow"}
_VALUE = 100
"""How many characters of an output are shown; `--json` has all."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STEERING = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters but the tab, those that turn the direction of writing, and what no encoding has."""


def report_lines(report: Report, stack: str, width: int | None = None) -> Iterator[Line]:
    """Yield the whole report; with `width`, in columns, a resource's line is shortened to fit where it can be.

    Nothing in it steers a terminal, whatever a program, a pack or a name says.
    """
    for line in _lines(report, stack, width):
        yield [(inert(text), style) for text, style in line]


def inert(text: str) -> str:
    """Return a line of a text with what steers a terminal in it written out."""
    return text if text.isprintable() else _STEERING.sub(lambda found: ascii(found[0])[1:-1], text)


def on_terminal(text: str) -> str:
    """Return text for a terminal, which none of its characters may steer; its lines stay."""
    return "\n".join(map(inert, text.split("\n")))


def error_text(error: Exception) -> str:
    """Return the lines that tell of an error, with nothing in them that steers a terminal."""
    return on_terminal(f"error: {error}")


def _lines(report: Report, stack: str, width: int | None) -> Iterator[Line]:
    said = [m for m in report.messages if m[0] != "error"]
    for severity, text in said:
        yield from _message(severity, text, "")
    if said:
        yield []
    yield from _tree(report, width)
    if report.outputs:
        yield from ([], [("Outputs:", "bold")])
        for name, value in sorted(report.outputs.items()):
            yield [("  ", ""), (f"{name}: ", "green"), (_show(mask(value)), "")]
    for severity, text in report.messages:
        if severity == "error":
            yield []
            yield from _message(severity, text, "")
    yield from _policies(report)
    yield []
    yield _last(report, stack)


def _tree(report: Report, width: int | None) -> Iterator[Line]:
    children: dict[str, list[Row]] = {}
    for row in report.rows.values():
        if not row.hidden or row.verdicts or row.messages:
            parent = report.rows.get(row.parent)
            children.setdefault(row.parent if parent and not parent.hidden else "", []).append(row)
    yield from _branch(children, "", None, width)


def _branch(
    children: dict[str, list[Row]], urn: str, indent: str | None, width: int | None
) -> Iterator[Line]:
    rows = children.get(urn, [])
    for n, row in enumerate(rows):
        last = n == len(rows) - 1
        stem = "" if indent is None else indent + ("└─ " if last else "├─ ")
        below = "" if indent is None else indent + ("   " if last else "│  ")
        mark, style = _MARKS.get(row.op, (" ", ""))
        failed: Line = [("  failed", "bold red")] if row.failed else []
        room = None if width is None else width - len(stem) - len(row.name) - (13 if row.failed else 5)
        yield [
            (f"{mark}  ", style),
            (stem, "dim"),
            (row.name, "bold" if style else ""),
            (f"  {_short(row.type, room)}", "dim"),
            *failed,
        ]
        inner = f"   {below}" + ("│    " if children.get(row.urn) else "     ")
        for verdict in row.verdicts:
            yield from _verdict(verdict, inner)
        for severity, text in row.messages:
            yield from _message(severity, text, inner)
        yield from _branch(children, row.urn, below, width)


def _short(type_: str, room: int | None) -> str:
    """Return a type token in at most `room` columns where they are enough for anything: whole, its last part, the end of that."""
    if room is None or len(type_) <= room:
        return type_
    package, _, rest = type_.partition(":")
    kind = rest.rpartition(":")[2]
    middle, end = f"{package}:..:{kind}", max(room, 6)
    return middle if len(middle) <= room else kind if len(kind) <= end else f"..{kind[2 - end :]}"


def _message(severity: str, text: str, indent: str) -> Iterator[Line]:
    label = "" if severity == "info" else f"{severity}: "
    return _said(indent, [(label, _SEVERITIES.get(severity, ""))], text.rstrip())


def _verdict(verdict: Verdict, indent: str) -> Iterator[Line]:
    mark, style = _VERDICTS[verdict.level]
    head = [(f"{mark} {verdict.level} ", style), (f"{verdict.pack}/{verdict.policy}: ", "bold")]
    return _said(indent, head, verdict.message.strip())


def _said(indent: str, head: Line, text: str) -> Iterator[Line]:
    first, *rest = text.splitlines() or [""]
    yield [(indent, "dim"), *head, (first, "")]
    yield from ([(f"{indent}  ", "dim"), (line, "")] for line in rest)


def _policies(report: Report) -> Iterator[Line]:
    """Yield the packs, how often they said what, and each policy that said something."""
    if not report.packs:
        return
    verdicts = report.verdicts()
    counts = Counter(v.level for v in verdicts)
    found: Line = []
    for level in LEVELS:
        found += [(", " if found else "", ""), (f"{counts[level]} {level}", _VERDICTS[level][1])]
    packs = ", ".join(f"{name} v{version}" for name, version in sorted(report.packs.items()))
    yield from ([], [("Policies: ", "bold"), (packs, ""), (" - ", "dim"), *found])
    at: dict[tuple[str, str], set[str]] = {}
    for v in verdicts:
        at.setdefault((f"{v.pack}/{v.policy}", v.level), set()).add(v.urn)
    for (policy, level), urns in at.items():
        mark, style = _VERDICTS[level]
        plural = "s" if len(urns) > 1 else ""
        yield [(f"  {mark} {level} ", style), (policy, ""), (f"  at {len(urns)} resource{plural}", "dim")]


def _last(report: Report, stack: str) -> Line:
    """Return the counts and the duration, or why it failed."""
    verb: Line = [(f"preview of {stack} ", "bold")]
    if report.ok:
        verb.append(("succeeded", "bold green"))
        verb += [] if report.packs else [(", judged by no policy pack", "bold yellow")]
    else:
        violated = sum(v.level == "mandatory" for v in report.verdicts())
        errors = len(report.errors())
        why = [f"{violated} mandatory policy violation{'s' if violated > 1 else ''}"] if violated else []
        why += [f"{errors} error{'s' if errors > 1 else ''}"] if errors else []
        last = [said.splitlines()[-1] for severity, said in report.messages if severity == "error" and said][
            -1:
        ]
        why += [
            line for line in last if not line.startswith(" ")
        ]  # of a list of problems it is a remedy's end
        verb += [("failed", "bold red"), (f" ({', '.join(why)})", "red")]
    return [*verb, (f": {report.count()} to create", ""), (f" in {report.seconds:.1f} s", "dim")]


def _show(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)  # one line, and no commands to the terminal
    return text if len(text) <= _VALUE else text[: _VALUE - 3] + "..."


def plain(line: Line) -> str:
    """Return a line without its styles."""
    return "".join(text for text, _ in line).rstrip()
