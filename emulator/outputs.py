"""A stack's outputs on a screen: a few lines of each, where `pulumi stack output` folds each over as many as it needs."""

from __future__ import annotations

import json
import shutil
import subprocess
import textwrap
from typing import TYPE_CHECKING, Any

from emulator.dry_run.text import inert
from emulator.engine.states import is_up
from emulator.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.session import Session

LINES = 3
"""Lines of an output, at most: six outputs and the last line fit on a screen of 24."""

_NARROWEST = 20
"""Columns that a terminal has at least; some say 1 of themselves."""


def fitted(outputs: Mapping[str, Any], columns: int, whole: str) -> list[str]:
    """Return outputs as lines that a terminal does not fold; `whole` is the command that prints one of them, named behind it."""
    lines: list[str] = []
    cut = ""
    for name, value in outputs.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        words = inert(" ".join(f"{name}: {text}".split()))
        folded = textwrap.wrap(words, columns - 1, subsequent_indent="  ", break_on_hyphens=False)
        if len(folded) > LINES:
            cut = cut or name
            folded = [*folded[: LINES - 1], f"{folded[LINES - 1][: columns - 5]} ..."]
        lines += folded
    if cut:
        lines.append(inert(f"whole: {whole}{cut}"))  # to be pasted, so in one line
    return lines or ["no outputs"]


def need_up(session: Session, stack: str) -> None:
    """Raise OperationError, with the remedy, for a stack of which no `up` has made anything here."""
    name, _, _ = stack.partition("/")
    if not is_up(session.backend, name):
        raise OperationError(
            f"{name} has no outputs, nothing of it is up here: bring it up first: {session.typed('up')} --yes --stack {name}"
        )


def show(session: Session, stack: str) -> list[str]:
    """Return what the last `up` of a stack gave out, for the terminal's width. Raises OperationError where the engine cannot say."""
    columns = max(shutil.get_terminal_size().columns, _NARROWEST)
    return fitted(read(session, stack), columns, f"{session.typed('outputs')} --stack {stack} ")


def read(session: Session, stack: str, *, secrets: bool = False) -> Mapping[str, Any]:
    """Return what the last `up` gave out of a stack, or of one further cluster of it as `stack/cluster`. Raises OperationError.

    Without `secrets` a secret is "[secret]".
    """
    pulumi_stack, _, further = stack.partition("/")
    command = ["pulumi", "stack", "output", "--stack", pulumi_stack, "--json", *["--show-secrets"] * secrets]
    done = subprocess.run(
        command,
        cwd=session.project,
        env=session.whole_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OperationError(done.stderr.strip().removeprefix("error: "))
    try:
        outputs = json.loads(done.stdout)
    except ValueError:
        said = done.stdout.strip().partition("\n")[0] or "nothing"
        raise OperationError(f"the engine printed no outputs: {said}; run it again") from None
    return of(outputs, further)


def of(outputs: Mapping[str, Any], further: str) -> Mapping[str, Any]:
    """Return what a stack gave out of its `further` cluster; everything where none is named. Raises OperationError."""
    clusters: Mapping[str, Any] = outputs.get("clusters") or {}
    if further and further not in clusters:
        known = ", ".join(clusters) or "none"
        raise OperationError(
            f"the last up made no cluster {further!r}; beside the first one there are: {known}"
        )
    return clusters[further] if further else outputs


def one_of(outputs: Mapping[str, Any], name: str | None) -> str:
    """Return one output as `pulumi stack output` writes it, or all of them as JSON. Raises OperationError where there is no such one."""
    if name is None:
        return json.dumps(outputs, indent=2)
    if name not in outputs:
        raise OperationError(f"there is no output {name!r}; there are: {', '.join(outputs)}")
    return outputs[name] if isinstance(outputs[name], str) else json.dumps(outputs[name])
