"""What a shell completes: the commands that modules have under `secure-aks`, their options, and the stacks of this folder."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from typer import _completion_shared
from typer._click.shell_completion import split_arg_string

from upgrades.observe.stacks import stacks

from .reference import command, parser


def complete(root: Any) -> None:
    """Put the command that the typed words name, as its module has it, in the place of the one that only passes words on."""
    typed = os.environ.get("COMP_WORDS", os.environ.get("_TYPER_COMPLETE_ARGS", ""))
    name = _command(split_arg_string(typed)[1:])
    if name not in root.commands:
        return
    if read := parser(name):
        root.commands[name].shell_complete = _Offered(read).items
        return
    root.commands[name] = found = command(root, name)
    for one in (found, *getattr(found, "commands", {}).values()):
        for parameter in one.params:
            if "--stack" in parameter.opts:
                parameter._custom_shell_complete = _stacks  # noqa: SLF001 - typer takes it at its making only


def as_called() -> None:
    """Have zsh and fish ask what was typed, as bash does: typer's scripts ask what PATH has by the name, and `./secure-aks` is not there."""
    asks = re.compile(r"(=complete_zsh|\(commandline -cp\)) %\(prog_name\)s")
    shared: Any = _completion_shared
    scripts: dict[str, str] = shared._completion_scripts  # noqa: SLF001 - typer asks nobody for another
    for shell, first in (("zsh", "${words[1]}"), ("fish", "(commandline -po)[1]")):
        scripts[shell] = asks.sub(rf"\1 {first}", scripts[shell])


def _command(words: list[str]) -> str:
    """Return the command that words name, and go where `-C` says: this process does nothing but offer words."""
    name, left = "", iter(words)
    for word in left:
        if word == "--":
            break
        if word in {"-C", "--cwd"}:
            _go(next(left, ""))
        elif not word.startswith("-"):
            name = name or word
    return name


def _go(folder: str) -> None:
    with suppress(OSError):  # half typed, or none
        os.chdir(os.path.expandvars(Path(folder).expanduser()))


class _Offered:
    """What a command that argparse reads offers."""

    def __init__(self, read: Any) -> None:
        self._actions = {name: one for one in read._actions for name in one.option_strings}  # noqa: SLF001 - argparse tells nobody else

    def items(self, ctx: Any, incomplete: str) -> list[SimpleNamespace]:
        """Return what may come next, after what was typed: a value of the option that stands there, or an option."""
        last = ctx.args[-1] if ctx.args else ""
        if last == "--stack":
            words = _stacks(ctx, None, incomplete)
        elif last in self._actions and self._actions[last].nargs != 0:
            words = [str(one) for one in self._actions[last].choices or ()]
        else:
            words = [name for name in self._actions if name.startswith("--")]
        return [
            SimpleNamespace(value=word, type="plain", help=None)
            for word in words
            if word.startswith(incomplete)
        ]


def _stacks(_ctx: Any, _parameter: Any, incomplete: str) -> list[str]:
    return [name for name in stacks(Path()) if name.startswith(incomplete)]
