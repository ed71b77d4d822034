"""The rooms keep to themselves: who imports whom is what CONTRIBUTING.md says, and nothing reaches another way."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {
    "settings",
    "components",
    "emulator",
    "upgrades",
    "cli",
    "bench",
    "tests",
    "secure_aks_security",
    "secure_aks_lifecycle",
}
MAY = {
    "settings": {"secure_aks_lifecycle"},
    "components": {"settings", "secure_aks_security", "secure_aks_lifecycle"},
    "emulator": {"secure_aks_lifecycle"},  # two modules of it: see below
    "upgrades": {"settings", "secure_aks_lifecycle", "emulator"},
    "cli": {"settings", "upgrades", "secure_aks_lifecycle", "secure_aks_security"},
    "policies/security": {"secure_aks_security"},
    "policies/lifecycle": {"secure_aks_lifecycle"},
}
PROGRAM_LINES = 60


def imports(path: Path) -> set[str]:
    """The top-level names a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found & OURS


@pytest.mark.parametrize("room", MAY)
def test_a_room_imports_only_what_it_may(room):
    files = [path for path in (ROOT / room).rglob("*.py") if "build" not in path.relative_to(ROOT).parts]
    assert files
    wrong = {
        str(path.relative_to(ROOT)): extra for path in files if (extra := imports(path) - MAY[room] - {room})
    }
    assert wrong == {}


def test_the_emulator_takes_of_this_project_how_a_command_ends_and_a_file_is_read():
    """It stands for Azure and has to catch our mistakes: what it judges by is its own."""
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "emulator").rglob("*.py"))
    taken = set(re.findall(r"from secure_aks_lifecycle([\w.]*) import (\w+)", text))
    assert {room or f".{module}" for room, module in taken} == {".ending", ".regular_file"}
    assert "import secure_aks" not in text


def test_upgrades_touches_the_emulator_in_one_place():
    users = [p.name for p in (ROOT / "upgrades").rglob("*.py") if "emulator" in imports(p)]
    assert users == ["lab.py"]


def test_upgrades_cannot_tell_the_lab_from_azure():
    """Beside the door to the lab, the option that opens it and the commands that are printed to be typed, nothing speaks of it."""
    speak = {
        str(path.relative_to(ROOT / "upgrades"))
        for path in (ROOT / "upgrades").rglob("*.py")
        if re.search(r"emulat|loopback|127\.0\.0\.1|localhost|\blab\b", path.read_text(encoding="utf-8"))
    }
    assert speak == {
        "lab.py",
        "session/looks.py",
        "session/journals.py",
        "typed.py",
        "commands/options.py",
        "commands/look/rehearse.py",
        "commands/change/running.py",
    }


def test_the_program_is_short_and_without_logic():
    text = (ROOT / "__main__.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) < PROGRAM_LINES
    assert not [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    assert imports(ROOT / "__main__.py") <= {"settings", "components", "secure_aks_lifecycle"}


def test_nothing_plays_tricks_with_the_import_path():
    # The emulator puts the program's folder on the path, as the engine does when it starts a program.
    rooms = [*MAY.keys() - {"emulator"}, "bench"]
    users = [
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if "sys.path" in path.read_text(encoding="utf-8")
    ]
    assert users == []
