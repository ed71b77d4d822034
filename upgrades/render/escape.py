"""Foreign text in Markdown: names, reasons and messages are shown as they are and never mean anything.

Sources: CommonMark, "Backslash escapes"; GitHub Flavored Markdown on autolinks, tables and mentions.
"""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\\`*\[\]~|$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LEADING = re.compile(r"^(\s*)([#>+=-]|\d+[.)])(?=\s|$)")
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)")
_WWW = re.compile(r"(?i)\bwww\.")
_MENTION = re.compile(r"@(?=\w)")
_ENTITY = re.compile(r"&(?=(#\w+|\w+);)")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
"""Code: as many backticks on either side (CommonMark, "Code spans")."""
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_BREAKS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def inert(text: str) -> str:
    """Return text in which nothing steers a terminal or turns the direction of writing: such characters are spelt out."""
    return text if text.isprintable() else _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def inert_lines(text: str) -> str:
    """Return text of several lines, each of them inert."""
    return "\n".join(map(inert, text.split("\n")))


def cell(text: str) -> str:
    """Return text for a cell, a list item or a heading, on one line: no markup, no link, no mention, no image.

    What stands in backticks stays code, in which nothing means anything.
    """
    shown = inert(_BREAKS.sub(" ", text))
    parts: list[str] = []
    at = 0
    for span in _SPAN.finditer(shown):
        parts += [_plain(shown[at : span.start()]), span[0].replace("|", "\\|")]
        at = span.end()
    parts.append(_plain(shown[at:]))
    return _LEADING.sub(lambda found: f"{found[1]}{_escaped(found[2])}", "".join(parts))


def _plain(text: str) -> str:
    shown = _ENTITY.sub("&amp;", text)
    shown = _MARKS.sub(lambda found: "\\" + found[0], shown)
    shown = shown.replace("<", "&lt;")
    shown = _LINK.sub(r"\1&#58;", shown)
    shown = _WWW.sub("www&#46;", shown)
    return _MENTION.sub("&#64;", shown)


def code(text: str) -> str:
    """Return text as code, in as many backticks as keep it there."""
    shown = inert(_BREAKS.sub(" ", text)).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _escaped(mark: str) -> str:
    return mark[:-1] + "\\" + mark[-1] if mark[0].isdigit() else "\\" + mark
