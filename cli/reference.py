"""`python -m cli.reference` writes docs/command-reference.md: every command with its options, read off the parsers themselves."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from enum import EnumMeta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from secure_aks_lifecycle.ending import run

from settings.whole_file import write_whole
from upgrades.commands.options import anywhere

from .admission import admission
from .adopt.command import import_
from .cli import PASSED, app
from .review.command import review

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

PAGE = Path(__file__).parents[1] / "docs" / "command-reference.md"
_OWN: dict[str, Callable[..., None]] = {"review": review, "import": import_, "admission": admission}
_PASSED = {one.name: one for one in PASSED}
_PARSERS = {
    "access": ("components.access.cli", "parser"),
    "settings": ("settings.cli", "parser"),
    "catalog": ("secure_aks_lifecycle.cli", "parser"),
}
_HEAD = """\
# Reference of the commands

Written by `python -m cli.reference` from the commands themselves; a test keeps it fresh. [Commands](commands.md) says which is for what, with
examples. Every command ends as [the table of exit codes](commands.md#exit-codes) says; codes that mean more stand with the command.
"""
_SAID = re.compile(r" ?\[default: ([^]]+)\]")
_CODES = re.compile(r"Exit (\d: [^.]+\.(?: \d: [^.]+\.)*)")


@dataclass(frozen=True)
class Row:
    """An argument or an option: how it is written, what holds unless it is, what it is for."""

    written: str
    default: str
    text: str


@dataclass(frozen=True)
class Told:
    """A command: its words, what it does, what it takes."""

    words: str
    text: str
    rows: tuple[Row, ...]


def commands() -> Iterator[Told]:
    """Yield every command of `secure-aks`, one that has commands of its own before these."""
    root: Any = typer.main.get_command(app)
    for name in root.commands:
        words = f"secure-aks {name}"
        if read := parser(name):
            yield _of_argparse(words, read, _PASSED[name].help)
            continue
        found = command(root, name)
        yield _of_click(words, found)
        for inner, one in getattr(found, "commands", {}).items():
            yield _of_click(f"{words} {inner}", one)


def command(root: Any, name: str) -> Any:
    """Return a command of `secure-aks` as whoever has it reads its words: no parser of argparse has it."""
    if name in _OWN:
        alone = typer.Typer(add_completion=False)
        alone.command()(anywhere(_OWN[name]))
        return typer.main.get_command(alone)
    found = root.commands[name]
    if name in _PASSED:
        found: Any = typer.main.get_command(import_module(f"{_PASSED[name].module}.cli").app)
        for word in _PASSED[name].words:
            found = found.commands[word]
    return found


def parser(name: str) -> argparse.ArgumentParser | None:
    """Return the parser of a command that argparse reads."""
    if name not in _PARSERS:
        return None
    module, maker = _PARSERS[name]
    found: argparse.ArgumentParser = getattr(import_module(module), maker)()
    for word in _PASSED[name].words:
        inner = next(one for one in found._actions if isinstance(one.choices, dict))  # noqa: SLF001  # argparse tells nobody else
        found = dict(inner.choices or {})[word]
    return found


def render() -> str:
    """Return the whole page."""
    told = list(commands())
    index = "\n".join(f"- [`{one.words}`](#{one.words.replace(' ', '-')})" for one in told)
    return "\n".join([_HEAD, index, "", *map(_section, told)])


def _section(one: Told) -> str:
    parts = [f"## {one.words}", one.text]
    if codes := codes_of(one.text):
        parts.append(
            "\n".join(["| exit code | when |", "|---|---|", *(f"| {c} | {why} |" for c, why in codes)])
        )
    if one.rows:
        rows = (f"| {row.written} | {row.default} | {_cell(row.text)} |" for row in one.rows)
        parts.append("\n".join(["| argument or option | unless set | what it is |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    """Return a text for a table's cell: no end of the cell in it, and nothing that a page takes for HTML."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def codes_of(text: str) -> list[tuple[str, str]]:
    """Return the exit codes that a command's help gives a meaning of their own."""
    if not (found := _CODES.search(text)):
        return []
    return re.findall(r"(\d): ([^.]+)\.", found[1])


def _of_click(words: str, command: Any) -> Told:
    shown = (one for one in command.params if not getattr(one, "hidden", False))
    rows = [_click_row(one) for one in shown if "--help" not in one.opts]
    return Told(words, _plain(command.help or ""), tuple(rows))


def _click_row(one: Any) -> Row:
    if one.param_type_name == "argument":
        written = f"`{one.metavar or one.name.upper()}`"
    else:
        written = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
    written += _choices(_members(one))
    return _row(written, one.default, _plain(one.help or ""), required=one.required)


def _members(one: Any) -> tuple[Any, ...]:
    """Return what an option takes, where that is one of a few words."""
    kind = one.type_descriptor.annotation
    return tuple(kind) if isinstance(kind, EnumMeta) else ()


def _of_argparse(words: str, parser: argparse.ArgumentParser, text: str) -> Told:
    rows = [
        _row(
            ", ".join(f"`{name}`" for name in one.option_strings) + _choices(one.choices),
            one.default,
            _sentence(one.help or ""),
            required=one.required,
        )
        for one in parser._actions  # noqa: SLF001  # argparse tells nobody else
        if one.dest != "help"
    ]
    return Told(words, text, tuple(rows))


def _choices(choices: Any) -> str:
    return ": " + ", ".join(f"`{getattr(one, 'value', one)}`" for one in choices) if choices else ""


def _row(written: str, default: Any, text: str, *, required: bool) -> Row:
    """Return a row; a default that only the text says is taken out of it."""
    if found := _SAID.search(text):
        return Row(written, found[1], _SAID.sub("", text))
    if required:
        return Row(written, "must be said", text)
    # A switch is off unless it is set, and a path of this machine is no default of anybody's.
    nothing = default is None or default is False or default in ("", (), []) or isinstance(default, Path)
    return Row(written, "" if nothing else f"`{getattr(default, 'value', default)}`", text)


def _plain(text: str) -> str:
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(paragraphs) if "\n\n" in text.strip() else " ".join(text.split())


def _sentence(text: str) -> str:
    """Return a help of argparse's, which begins small and ends without a stop, as a sentence."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def main() -> None:
    """Write the page."""
    write_whole(PAGE, render())
    sys.stdout.write(f"{PAGE.name} written\n")


if __name__ == "__main__":
    run(lambda: main)
