"""Every command that a message prints exists and takes what the message gives it, so that it works when it is pasted."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from secure_aks_lifecycle import cli as lifecycle

from cli.cli import PASSED
from components.access import cli as access
from emulator.cli import app as emulator
from settings import cli as settings
from upgrades.cli import app as upgrades

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SPEAKING = ("upgrades", "policies/lifecycle/secure_aks_lifecycle", "emulator", "settings", "components")
VALUE = "1.36.2"
"""Stands for whatever a message fills in."""
PROGRAMS = {"upgrades": upgrades, "emulator": emulator}
PARSERS = {
    "secure_aks_lifecycle": lifecycle.parser,
    "settings": settings.parser,
    "components.access": access.parser,
}
COMMAND = re.compile(rf"python -m ({'|'.join((*PROGRAMS, *PARSERS))}) ((?!serve\b)[a-z-][^`;\n]*)")
TARGET = re.compile(r"(?:`make |\bmake (?=[a-z-]+ (?:STACK|ARGS|RULE)=))([a-z-]+)")
SPEAKS = re.compile(r"python -m |\./secure-aks |\bmake |typed\.command")
"""What is in every module that prints a command."""
CUT = re.compile(r"\)(?=[\s;,.:]|$)|, |\. | \(")
"""What ends a command in a sentence."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that are no docstrings, with their lines; what is filled in is a value."""
    source = path.read_text(encoding="utf-8")
    if not SPEAKS.search(source):
        return
    tree = ast.parse(source)
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            inside.add(id(node.value))  # a docstring
        elif isinstance(node, ast.JoinedStr):
            yield node.lineno, joined(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and ast.unparse(node.func) == "typed.command"
        ):
            name, _, *more = [written(argument) for argument in node.args]
            yield node.lineno, " ".join(("python -m upgrades", name, f"--stack {VALUE}", *more))


def joined(node: ast.JoinedStr) -> str:
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else written(part) for part in node.values
    )


def written(node: Any) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return joined(node)
    if isinstance(node, ast.Subscript):
        return "next"  # a command by its finding
    return f"--stack {VALUE}" if "words(" in ast.unparse(node) else VALUE


def in_modules(page: str) -> str:
    """A page's commands as those of the modules that have them; a name alone is only named, and some rows show what is wrong."""
    page = re.sub(r"^\| `\./secure-aks [^`]+` \| [1-9]\d* \|.*$", "", page, flags=re.MULTILINE)
    for one in PASSED:
        module = " ".join(("python -m", one.module, *one.words))
        page = re.sub(rf"(?<![\w.])\./secure-aks {one.name}(?= [-a-z<.])", module, page)
    return page.replace(".venv/bin/", "")


@pytest.fixture(scope="module")
def printed() -> list[tuple[str, str]]:
    """What modules and pages say, each with its place: looked for once, and not by every worker that collects."""
    modules = [
        (f"{path.relative_to(ROOT)}:{line}", in_modules(text))
        for part in SPEAKING
        for path in sorted((ROOT / part).rglob("*.py"))
        for line, text in texts(path)
    ]
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return modules + [(str(page.relative_to(ROOT)), in_modules(page.read_text("utf-8"))) for page in pages]


def test_every_printed_command_parses(printed):
    found = [(place, match) for place, text in printed for match in COMMAND.finditer(text)]
    wrong = []
    for place, match in found:
        try:
            parse(*match.groups())
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a parser raises
            wrong.append((place, match[0], error))
    assert not wrong
    names = {match[2].split()[0] for _, match in found if match[1] == "upgrades"}
    assert {"rollback", "resume", "abort", "rollout", "report", "next", "check"} <= names


def parse(program, said):
    said = re.sub(r"[][]| \.\.\.", "", said)  # what may be left out is written in brackets
    words = shlex.split(
        CUT.split(said)[0].partition(" > ")[0].partition("|")[0].partition(" -->")[0], comments=True
    )
    if program in PARSERS:
        PARSERS[program]().parse_args(words)
        return
    group: Any = typer.main.get_command(PROGRAMS[program])
    command = group.commands[words[0]]
    command.make_context(words[0], words[1:])


def test_every_printed_target_is_in_the_makefile(printed):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    there = {name for line in re.findall(r"(?m)^([a-z -]+):", makefile) for name in line.split()}
    found = {match[1]: place for place, text in printed for match in TARGET.finditer(text)}
    assert {name: place for name, place in found.items() if name not in there} == {}
    assert found.keys() >= {"engine", "destroy", "up"}
