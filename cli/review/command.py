"""`secure-aks review`: previews as one comment."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from secure_aks_lifecycle.whole_file import replace

from upgrades.engine.pulumi_cli import NoCliError
from upgrades.observe.stacks import NoStackError
from upgrades.session.folder import project_folder

from .markdown import as_markdown, headline
from .preview import review as previewed

Stacks = Annotated[list[str], typer.Option("--stack", "-s", help="A stack; repeat it for several.")]
Output = Annotated[Path | None, typer.Option("--output", help="File for the comment. [default: stdout]")]
Drift = Annotated[
    bool, typer.Option("--drift", help="Read Azure and the cluster first; exit 2 when they differ.")
]


AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of the comment.")]


def review(stack: Stacks, *, output: Output = None, drift: Drift = False, as_json: AsJson = False) -> None:
    """Preview stacks, judged by both packs, as one Markdown comment. Exit 1: refused or failed. 2: with --drift, something differs."""
    try:
        found = [previewed(project_folder(), name, drift=drift) for name in stack]
    except (NoStackError, NoCliError, FileNotFoundError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    data = [{**asdict(one), "exitCode": one.exit_code} for one in found]
    text = json.dumps(data, indent=2) + "\n" if as_json else as_markdown(found)
    if output:
        replace(output, text)
    else:
        typer.echo(text, nl=False)
    for one in found:
        typer.echo(f"{one.stack}: {headline(one)}", err=True)
    codes = {one.exit_code for one in found}
    raise typer.Exit(1 if 1 in codes else max(codes))
