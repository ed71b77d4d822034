"""`-C`: a command that argparse reads runs as if it were started in another folder."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from secure_aks_lifecycle.ending import entered

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def add(parser: argparse.ArgumentParser) -> None:
    """Add the option."""
    parser.add_argument(
        "--cwd", "-C", dest="folder", metavar="FOLDER", help="run as if started in this folder"
    )


def run_there(
    parser: argparse.ArgumentParser, options: argparse.Namespace, command: Callable[[], int]
) -> int:
    """Run a command in the folder that its options name; a folder that is not there is wrong usage."""
    with ExitStack() as there:
        try:
            there.enter_context(entered(options.folder))
        except OSError as error:
            parser.error(f"-C {options.folder}: {error.strerror}")
        return command()
