"""`rehearse`: the drains of an upgrade, tried with what `kubectl get -A -o json` printed of a real cluster."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from secure_aks_lifecycle import regular_file

from upgrades import lab
from upgrades.commands.common import err, fail, open_session, out
from upgrades.observe.stacks import as_cluster
from upgrades.rehearsal.drains import rehearse as rehearsed
from upgrades.rehearsal.dump import COMMAND, Dump
from upgrades.rehearsal.stage import Stage
from upgrades.rehearsal.text import as_text

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE",
        help="What kubectl printed, by the command in docs/upgrades.md, A rehearsal; - is stdin.",
    ),
]
Pools = Annotated[list[str] | None, typer.Option("--pool", help="Drain only this pool; repeat for several.")]
Surge = Annotated[str, typer.Option("--max-surge", help="Surge of every pool: a number or a percentage.")]
Minutes = Annotated[int, typer.Option("--drain-minutes", min=1, help="Drain time-out of every pool.")]


def rehearse(  # noqa: PLR0913  # each is an option
    files: Files,
    *,
    pool: Pools = None,
    stack: Annotated[
        str, typer.Option("--stack", help="Take surge and time-outs from this stack file.")
    ] = "",
    max_surge: Surge = "10%",
    drain_minutes: Minutes = 30,
    as_json: Annotated[bool, typer.Option("--json", help="For a script.")] = False,
) -> None:
    """Drain the pools of a real cluster on this machine, and say which pod in which batch would be stuck, and why.

    Nothing leaves this machine, and no secret is loaded. Exit 1: some pod would be stuck.
    """
    if not re.fullmatch(r"\d+%?", max_surge):
        fail(f"--max-surge {max_surge}: is no number of nodes; write 1, or 33%", code=2)
    dump = Dump((name, _text(name)) for name in files)
    pools = dump.pools(max_surge, drain_minutes)
    if stack:
        session = open_session(stack)
        told = {one.name: one for one in as_cluster(stack, session.settings(), None).pools}
        pools = [told.get(one.name, one) for one in pools]
    names = [one.name for one in pools]
    if unknown := [name for name in pool or () if name not in names]:
        fail(
            f"--pool {', '.join(unknown)}: the dump has no such pool; name one of: {', '.join(names)}", code=2
        )
    err.print("Loading the cluster into an API server on this machine; that takes a minute.", markup=False)
    with lab.api_server() as api, Stage(api, dump) as stage:
        done = rehearsed(stage, [one for one in pools if not pool or one.name in pool])
    if as_json:
        stuck = [asdict(one) for one in done.stuck]
        said = {"schema": 1, "batches": done.batches, "stuck": stuck, "notRehearsed": done.not_asked}
        print(json.dumps(said, indent=2))  # noqa: T201
    else:
        out.print(as_text(done), markup=False, highlight=False)
    if done.stuck:
        raise typer.Exit(1)


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else regular_file.text(Path(name))
    except OSError as error:
        fail(f"{name}: cannot be read: {error.strerror}; print it: {COMMAND}", code=2)
    except UnicodeDecodeError:
        fail(f"{name}: is not UTF-8; print it anew: {COMMAND}", code=2)
    except ValueError:  # such as a NUL in it
        fail(f"{name!r}: is no name of a file; print it: {COMMAND}", code=2)
