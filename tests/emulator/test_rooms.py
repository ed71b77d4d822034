"""The emulator's rooms: who may import whom, no circles anywhere, and no folder that is a long list."""

from __future__ import annotations

import ast
import io
import tokenize
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "emulator"
ORDER = [
    "errors",
    "properties",
    "yaml_files",
    "cloud",
    "https",
    "go_modules",
    "control_plane",
    "azure",
    "entra",
    "arm",
    "plugins",
    "waiting",
    "engine",
    "dry_run",
    "lab",
    "session",
    "outputs",
    "cli",
    "__main__",
]
"""Each room, or module beside them, imports what stands before it and nothing else."""
MOST_FILES = 19
MOST_LINES = 10_000
LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
"""Tokens that are no code."""


def modules(package: Path) -> dict[str, Path]:
    """Return the package's modules by dotted name."""
    found = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(tree: ast.AST, known: dict[str, Path]) -> set[str]:
    """Return the modules among `known` that a module imports, wherever in it, for types alone too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {
                inside if (inside := f"{node.module}.{name.name}") in known else node.module
                for name in node.names
            }
    return found & known.keys()


@cache
def graph(package: Path) -> dict[str, set[str]]:
    """Return who imports whom."""
    known = modules(package)
    return {
        name: imported(ast.parse(path.read_text(encoding="utf-8")), known) - {name}
        for name, path in known.items()
    }


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def rooms(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return which room imports from which others."""
    found: dict[str, set[str]] = {}
    for module, others in edges.items():
        found.setdefault(room_of(module), set()).update(map(room_of, others))
    return {room: others - {room} for room, others in found.items()}


def circle(edges: dict[str, set[str]]) -> list[str]:
    """Return one circle of a graph, [] when there is none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_no_two_modules_import_each_other() -> None:
    assert circle(graph(PACKAGE)) == []


def test_no_two_rooms_import_each_other() -> None:
    assert circle(rooms(graph(PACKAGE))) == []


def test_a_room_imports_what_stands_before_it() -> None:
    found = {room: others for room, others in rooms(graph(PACKAGE)).items() if room}
    assert found.keys() == set(ORDER)
    wrong = {room: others - set(ORDER[: ORDER.index(room)]) for room, others in found.items()}
    assert {room: others for room, others in wrong.items() if others} == {}


def test_no_folder_is_a_long_list() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [str(folder) for folder in folders if len(list(folder.glob("*.py"))) > MOST_FILES] == []


def code_lines(text: str) -> int:
    """Return how many lines of a module hold code: all but blank lines, comments and docstrings; imports count."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in LAYOUT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if ast.get_docstring(node) is not None else None
            if first and first.end_lineno:
                lines.difference_update(range(first.lineno, first.end_lineno + 1))
    return len(lines)


def test_it_stays_under_ten_thousand_lines_of_code() -> None:
    """Counted is the Python of every module with its imports and the texts under its names; no blank line, comment, docstring or table."""
    total = sum(code_lines(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py"))
    assert total < MOST_LINES


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('"""Says\nwhat."""\n\nimport os  # why\n', 1),
        ("# why\n\ndef f():\n    '''Do.'''\n    return [\n        1,\n\n    ]\n", 4),
        ('A = 1\n"""What it is."""\n', 2),
        ('A = """\nx\n"""\n', 3),
    ],
)
def test_lines_of_code_are_counted(text: str, lines: int) -> None:
    assert code_lines(text) == lines


@pytest.mark.parametrize(
    ("files", "module_circle", "room_circle"),
    [
        ({"a/x.py": "from p.b import y", "b/y.py": ""}, False, False),
        ({"a/x.py": "import p.b.y", "b/y.py": "def f():\n    from p.a.x import z"}, True, True),
        ({"a/x.py": "from p.b.y import z", "b/y.py": "", "b/w.py": "from p.a import x"}, False, True),
        (
            {"a/x.py": "from p.a import y", "a/y.py": "if TYPE_CHECKING:\n    from p.a.x import X"},
            True,
            False,
        ),
    ],
)
def test_circles_are_found(
    tmp_path: Path, files: dict[str, str], *, module_circle: bool, room_circle: bool
) -> None:
    for name, text in files.items():
        path = tmp_path / "p" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        (path.parent / "__init__.py").touch()
    edges = graph(tmp_path / "p")
    assert bool(circle(edges)) is module_circle
    assert bool(circle(rooms(edges))) is room_circle
