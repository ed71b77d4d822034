"""`python -m secure_aks_security explain [rule]` and `docs [--index] [--check] <file>`."""

import argparse
import os
import sys
from pathlib import Path

from secure_aks_security import ending
from secure_aks_security.words.docs import document, index
from secure_aks_security.words.explain import UnknownRuleError, explain, listing


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code: 0 fine, 1 stale documentation, 2 bad usage."""
    parser = argparse.ArgumentParser(
        prog=ending.typed("secure_aks_security"), description="The security pack's rules."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    explaining = commands.add_parser("explain", help="say what a rule wants, why, and how to mend it")
    explaining.add_argument("rule", nargs="?", help="the rule's id; without it, every rule is listed")
    writing = commands.add_parser("docs", help="write the rules' documentation")
    writing.add_argument("file", nargs="?", type=Path, help="where to; standard output unless said")
    writing.add_argument("--index", action="store_true", help="the list of all rules instead of their pages")
    writing.add_argument("--check", action="store_true", help="write nothing, fail when the file is stale")
    chosen = parser.parse_args(arguments)
    if chosen.command == "explain":
        return _explain(chosen.rule)
    return _docs(chosen.file, index() if chosen.index else document(), check=chosen.check)


def _explain(rule: str | None) -> int:
    try:
        sys.stdout.write(explain(rule) if rule else listing())
    except UnknownRuleError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _docs(file: Path | None, text: str, *, check: bool) -> int:
    if file is None:
        sys.stdout.write(text)
    elif not check:
        with open(file, "w", encoding="utf-8", opener=_at_once) as stream:
            stream.write(text)
    elif not file.is_file() or file.read_bytes() != text.encode():
        sys.stderr.write(f"{file} is stale; the command that writes it stands at its top\n")
        return 1
    return 0


def _at_once(path: str, flags: int) -> int:
    """Open what is written to; a pipe that nobody reads is an error, and not waited for."""
    opened = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o666)
    os.set_blocking(opened, True)
    return opened


if __name__ == "__main__":
    ending.run(lambda: main)
