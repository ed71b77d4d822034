"""Every sentence of Azure's refusals (errors.yaml) is one that something refuses in, with all that it has to be filled with."""

import ast
import re
from fnmatch import fnmatch
from pathlib import Path
from string import Formatter

from emulator.yaml_files import load_yaml

EMULATOR = Path(__file__).parents[3] / "emulator"
SENTENCES = {
    case: sentence
    for cases in load_yaml(EMULATOR / "azure/errors.yaml").values()
    for case, sentence in cases.items()
}
NOT_OFFERED = {
    f"{code}{plan}"
    for code in ("K8sVersionNotSupported", "AgentPoolK8sVersionNotSupported")
    for plan in ("", ".lts")
}
"""Their code is an argument of the rule that refuses."""


def refusals() -> list[tuple[str, set[str]]]:
    """Return the cases that the emulator's code refuses in ("*" for a part made up there), with the names that are filled in."""
    found = []
    for path in EMULATOR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "refusal":
                names = {"pool", "control_plane"} if any(k.arg is None for k in node.keywords) else set()
                case = re.sub(r"\{[^}]*\}", "*", ast.unparse(node.args[0]).removeprefix("f").strip("'\""))
                found.append((case, names | {k.arg for k in node.keywords if k.arg}))
    return found


def filled(sentence: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(sentence) if name}


def test_each_is_filled_with_all_it_asks_for() -> None:
    for case, names in refusals():
        sentences = {text for name, text in SENTENCES.items() if fnmatch(name, case)}
        if case != "**":
            assert sentences, case
            assert {frozenset(filled(text)) for text in sentences} == {frozenset(names)}, case


def test_each_is_used() -> None:
    used = {case for case, _ in refusals()} - {"**"}
    assert {c for c in SENTENCES if not any(fnmatch(c, case) for case in used)} == NOT_OFFERED
