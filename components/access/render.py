"""The declared access as text for a terminal, as CSV and as the Markdown of docs/access.md."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from secure_aks_security.rules import rights

from settings.words import shown

from . import presets
from .rule import Rule
from .table import AccessRow, PlatformRow

_MARKS = re.compile(r"[\\`*\[\]~|]")
_FORMULA = ("=", "+", "-", "@")
"""How a cell begins that a spreadsheet computes; an apostrophe before it makes it text."""
COLUMNS = ("group", "namespace", "role", "API group", "resource", "verbs", "names")
PRESETS: Mapping[str, Sequence[Rule]] = {
    "viewer": presets.VIEWER,
    "developer": presets.DEVELOPER,
    "developer in prod": presets.DEVELOPER_IN_PROD,
    "operator": presets.OPERATOR,
}


def as_csv(rows: Iterable[AccessRow], platform: Iterable[PlatformRow] = ()) -> str:
    """Return the table as CSV with a heading; an account of the platform has a row for each right, everywhere (`*`)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_safe, _cells(row)) for row in rows)
    for row in platform:
        for right in row.rights or ("",):
            where = (row.account, "*", f"platform: {row.controller}, of {row.owner}")
            writer.writerow(map(_safe, [*where, "", "", right, " ".join(row.roles)]))
    return out.getvalue()


def as_text(rows: Iterable[AccessRow], platform: Iterable[PlatformRow] = ()) -> str:
    """Return the table in aligned columns, a blank line between groups; then the accounts of the platform."""
    rows = list(rows)
    cells = [_cells(row)[3:] for row in rows]
    widths = [max((len(cell[column]) for cell in cells), default=0) for column in range(3)]
    lines: list[str] = []
    heading: tuple[str, str, str] | None = None
    for row, cell in zip(rows, cells, strict=True):
        if heading != (heading := (row.group, row.namespace, row.role)):
            known = f" ({row.object_id})" if row.object_id else ""
            lines += ["", f"{row.group}{known}: {row.role} in {row.namespace}"]
        padded = [text.ljust(width) for text, width in zip(cell, widths, strict=False)]
        lines.append(f"  {'  '.join([*padded, *cell[3:]])}".rstrip())
    for row in platform:
        lines += ["", *_platform_lines(row)]
    return shown("\n".join(lines[1:]), None) + "\n"


def _platform_lines(row: PlatformRow) -> Iterator[str]:
    yield f"{row.account}: platform controller {row.controller}, of {_one_line(row.owner)}"
    yield f"  why     {_one_line(row.reason)}"
    for right in row.rights:
        yield f"  may     {right}: {rights()[right].says}"
    if row.public_address:
        yield f"  may     have a public address for the Services of {row.namespace}"
    for word, names in (("roles", row.roles), ("images", row.images)):
        if names:
            yield f"  {word:7} {' '.join(names)}"


def platform_markdown(rows: Iterable[PlatformRow]) -> str:
    """Return what the accounts of the platform may do, one line each."""
    lines = (
        (
            _code(r.account),
            *map(_text, (r.controller, r.owner, ", ".join(r.rights) or "-", ", ".join(r.images), r.reason)),
        )
        for r in rows
    )
    return _table(("account", "controller", "owner", "rights", "images", "why"), lines)


def as_markdown(rows: Iterable[AccessRow]) -> str:
    """Return who has which role where, one line for each group."""
    who = dict.fromkeys((row.group, row.namespace, row.role) for row in rows)
    return _table(("group", "namespace", "role"), ((_code(g), _code(n), _text(r)) for g, n, r in who))


def presets_markdown() -> str:
    """Return what each preset allows, one line for each resource."""
    allowed: dict[tuple[str, str], dict[str, list[str]]] = {}
    for name, rules in PRESETS.items():
        for rule in rules:
            for resource in rule.resources:
                verbs = allowed.setdefault((rule.api_group, resource), {}).setdefault(name, [])
                verbs += [verb for verb in rule.verbs if verb not in verbs]
    lines = (
        (group or "core", f"`{resource}`", *(" ".join(verbs.get(name, ["-"])) for name in PRESETS))
        for (group, resource), verbs in allowed.items()
    )
    return _table(("API group", "resource", *PRESETS), lines)


def _cells(row: AccessRow) -> list[str]:
    names = " ".join(row.resource_names)
    return [
        row.group,
        row.namespace,
        row.role,
        row.api_group or "core",
        row.resource,
        " ".join(row.verbs),
        names,
    ]


def _table(heading: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [heading, ["---"] * len(heading), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    """Return words of anybody's for a cell of Markdown, where they mean nothing."""
    return _MARKS.sub(r"\\\g<0>", shown(_one_line(text), None)).replace("<", "&lt;")


def _code(name: str) -> str:
    """Return a name as code in a cell of Markdown, which a backtick of its own would end."""
    text = shown(_one_line(name), None).replace("`", "'").replace("|", "\\|")
    return f"`{text}`"


def _safe(cell: str) -> str:
    text = shown(_one_line(cell), None)
    return f"'{text}" if text.startswith(_FORMULA) else text
