"""`python -m settings effective --stack dev` prints what holds for a stack; `explain [rule]` says what a rule of the settings wants."""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from secure_aks_lifecycle import folder_option
from secure_aks_lifecycle.ending import typed

from settings.checks.finding import RULES
from settings.cluster_names import further_of, stack_of
from settings.effective import effective
from settings.reading.load import load_cluster
from settings.reading.problem import SettingsError
from settings.sections.stack import StackSettings
from settings.words import did_you_mean


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    whole = argparse.ArgumentParser(prog=typed("settings"), description=__doc__)
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    explaining = commands.add_parser(
        "explain", help="say what a rule wants", description="Say what a rule wants."
    )
    explaining.add_argument("rule", nargs="?", help="the rule's id; without it, every rule is listed")
    explaining.set_defaults(run=_explain, parser=explaining)
    printing = commands.add_parser(
        "effective",
        prog=typed("settings", "effective"),
        help="print the effective stack file, with where each key was said",
        description="Print what holds for a stack, and where each key was said.",
    )
    printing.add_argument("--stack", default="dev", help="the stack, or stack/cluster [default: dev]")
    folder_option.add(printing)
    printing.add_argument(
        "--json", action="store_true", help="print it as JSON: all that holds, secrets hidden"
    )
    printing.set_defaults(run=_effective, parser=printing)
    return whole


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code: 1 for a stack file that is refused, 2 for a rule that there is not."""
    chosen, unknown = parser().parse_known_args(arguments)
    if unknown:  # told by the command, whose usage helps, and not by what stands over it
        chosen.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    return chosen.run(chosen)


def _effective(chosen: argparse.Namespace) -> int:
    return folder_option.run_there(chosen.parser, chosen, lambda: _print_effective(chosen))


def _print_effective(chosen: argparse.Namespace) -> int:
    stack, further = stack_of(chosen.stack), further_of(chosen.stack)
    path = Path(f"Pulumi.{stack}.yaml")
    try:
        if chosen.json:
            sys.stdout.write(json.dumps(as_data(load_cluster(Path(), chosen.stack)), indent=2) + "\n")
        else:
            sys.stdout.write(effective(path, further, _columns()))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _columns() -> int | None:
    """Return how many columns there are to fill: none into a pipe or a file, where a value keeps its line, unless COLUMNS says some."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() or "COLUMNS" in os.environ else None


def as_data(settings: StackSettings) -> dict[str, Any]:
    """Return all that holds for a stack as plain data, that of its further clusters by their names under `clusters`."""
    data = settings.model_dump(mode="json", by_alias=True)
    further = {name: as_data(one) for name, one in settings.further.items()}
    return {**data, "clusters": further} if further else data


def _explain(chosen: argparse.Namespace) -> int:
    rule: str | None = chosen.rule
    if rule is None:
        width = max(map(len, RULES))
        sys.stdout.write("".join(f"{name:{width}}  {text}\n" for name, text in RULES.items()))
        return 0
    if rule not in RULES:
        sys.stderr.write(f"there is no rule {rule} of the settings; {did_you_mean(rule, RULES)}\n")
        return 2
    sys.stdout.write(
        f"{rule}: {RULES[rule]}\n\nA stack file that breaks it is refused, unless secure-aks:exemptions has\n\n"
        f"    - rule: {rule}\n      resource: {{name: <the cluster, pool or other thing that the refusal names>}}\n"
        "      reason: <why>\n      until: <the last day, such as 2027-03-31>\n\ndocs/settings.md lists all of them.\n"
    )
    return 0
