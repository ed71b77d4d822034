"""`python -m components.access`: print who may do what in a stack, from its file alone."""

import argparse
import json
import sys
from pathlib import Path

from secure_aks_lifecycle import folder_option
from secure_aks_lifecycle.ending import typed

from settings import SettingsError, StackSettings
from settings.cluster_names import name_of
from settings.folded import folded
from settings.reading.load import load_cluster
from settings.words import did_you_mean

from .render import as_csv, as_markdown, as_text, platform_markdown
from .table import access_data, access_table, platform_data, platform_table


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    whole = argparse.ArgumentParser(
        prog=typed("components.access"), description="Print who may do what in a stack, from its file alone."
    )
    whole.add_argument("--stack", default="dev", help="the stack, or stack/cluster [default: dev]")
    whole.add_argument(
        "--group", action="append", help="only this group, or account of the platform; may be repeated"
    )
    whole.add_argument("--namespace", action="append", help="only this namespace; may be repeated")
    whole.add_argument(
        "--format", choices=("text", "csv", "json", "markdown"), default="text", help="how to write it"
    )
    whole.add_argument(
        "--json", dest="format", action="store_const", const="json", help="the same as --format json"
    )
    folder_option.add(whole)
    return whole


def _clusters(stack: str, settings: StackSettings) -> str:
    """Say which clusters of a stack have these teams, and which team has one of its own."""
    here = {team.name for team in settings.teams}
    teams = {
        name_of(stack, name): [team.name for team in view.teams] for name, view in settings.further.items()
    }
    same = ", ".join((stack, *(name for name, theirs in teams.items() if set(theirs) == here)))
    told = [f"teams and their roles are the same in each cluster of the stack: {same}"]
    if same == stack:
        told = [f"these are the teams of the stack's first cluster, {stack}"]
    begun = typed("components.access")
    told += [
        f"{', '.join(theirs)} has a cluster of its own: {begun} --stack {name}"
        for name, theirs in teams.items()
        if set(theirs) != here
    ]
    return "".join(f"{line}\n" for line in told)


def main() -> int:
    """Print the table; 1 for a bad stack file, or a name that it has not, told on stderr."""
    reader = parser()
    options = reader.parse_args()
    return folder_option.run_there(reader, options, lambda: _print_table(options))


def _print_table(options: argparse.Namespace) -> int:
    try:
        settings = load_cluster(Path(), options.stack)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1

    if settings.further:
        sys.stderr.write(_clusters(options.stack, settings))

    def wanted(group: str, namespace: str) -> bool:
        return group in (options.group or [group]) and namespace in (options.namespace or [namespace])

    table, accounts = access_table(settings), platform_table(settings)
    known = {
        "--group": {*(row.group for row in table), *(row.account for row in accounts)},
        "--namespace": {
            *(row.namespace for row in (*table, *accounts)),
            *(team.name for team in settings.teams),
        },
    }
    asked: dict[str, list[str]] = {"--group": options.group or [], "--namespace": options.namespace or []}
    unknown = [
        (option, name) for option, names in asked.items() for name in names if name not in known[option]
    ]
    for option, name in unknown:
        remedy = did_you_mean(name, known[option])
        sys.stderr.write(f"{option} {name}: no such name in the rights of {options.stack}; {remedy}\n")
    if unknown:
        return 1

    rows = [row for row in table if wanted(row.group, row.namespace)]
    platform = [row for row in accounts if wanted(row.account, row.namespace)]
    if options.format == "json":
        data = [row for row in access_data(settings) if wanted(row["group"], row["namespace"])]
        data += [row for row in platform_data(settings) if wanted(row["account"], row["namespace"])]
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    elif options.format == "markdown":
        sys.stdout.write(as_markdown(rows) + ("\n" + platform_markdown(platform) if platform else ""))
    elif options.format == "csv":
        sys.stdout.write(as_csv(rows, platform))
    else:
        sys.stdout.write(folded(as_text(rows, platform)))
    return 0
