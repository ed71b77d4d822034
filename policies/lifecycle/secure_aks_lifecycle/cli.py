"""The commands of the pack: refresh the catalog, explain a rule, write the rules' page."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from secure_aks_lifecycle import clock, folder_option
from secure_aks_lifecycle.ending import typed
from secure_aks_lifecycle.facts.catalog import SHIPPED
from secure_aks_lifecycle.whole_file import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

OK, FAILED, USAGE = 0, 1, 2
_MOST = 5
"""Problems of a catalog that are told."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code (0 fine, 1 failed or out of date, 2 bad usage)."""
    options, unknown = parser().parse_known_args(arguments)
    if unknown:  # told by the command, whose usage helps, and not by what stands over it
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        return options.run(options)
    except ValueError as error:
        return _fail(str(error))


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    whole = argparse.ArgumentParser(prog=typed("secure_aks_lifecycle"), description=__doc__)
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    refresh = commands.add_parser(
        "refresh",
        prog=typed("secure_aks_lifecycle", "refresh"),
        help="compare the version catalog with what Azure offers",
        description="Compare the version catalog with what Azure offers.",
    )
    refresh.add_argument("--location", required=True, help="Azure region, such as westeurope")
    refresh.add_argument(
        "--subscription",
        help="subscription id [default: AZURE_SUBSCRIPTION_ID, or the only one there is]",
    )
    refresh.add_argument("--endpoint", help="URL of Azure Resource Manager [default: the public cloud's]")
    refresh.add_argument(
        "--catalog", type=Path, default=SHIPPED, help="catalog file [default: the pack's own]"
    )
    refresh.add_argument("--write", action="store_true", help="write the difference to the catalog file")
    refresh.add_argument("--json", action="store_true", help="print the difference as JSON")
    folder_option.add(refresh)
    refresh.set_defaults(run=_refresh, parser=refresh)

    explain = commands.add_parser("explain", help="say what a rule wants, why, and what to do")
    explain.add_argument("rule", nargs="?", help="id of the rule; all ids unless given")
    explain.set_defaults(run=_explain, parser=explain)

    docs = commands.add_parser("docs", help="write the page of all rules")
    docs.add_argument("--output", type=Path, help="file (standard output unless given)")
    docs.add_argument(
        "--check", action="store_true", help="write nothing; fail when the file is not up to date"
    )
    docs.set_defaults(run=_docs, parser=docs)
    return whole


def _refresh(options: argparse.Namespace) -> int:
    return folder_option.run_there(options.parser, options, lambda: _refreshed(options))


def _refreshed(options: argparse.Namespace) -> int:
    from secure_aks_lifecycle.facts import azure, catalog_file, refresh, schema  # noqa: PLC0415  # the other commands need none of them
    from secure_aks_lifecycle.facts.data_file import load_yaml, mapping  # noqa: PLC0415

    path: Path = options.catalog
    data = load_yaml(path, mapping)
    if wrong := schema.problems(schema.CatalogData, data):
        return _fail(
            f"{path}: is no catalog of versions: {'; '.join(wrong[:_MOST])}; restore it, or name another --catalog"
        )
    try:
        offered = azure.offered_versions(
            options.location, options.subscription, options.endpoint or azure.ENDPOINT
        )
    except azure.AzureError as error:
        return _fail(str(error))
    new, lines = refresh.refreshed(data, offered, options.location, clock.today())
    if wrong := schema.problems(schema.CatalogData, new):
        return _fail("the refreshed catalog would not be valid: " + "; ".join(wrong))
    if options.write:
        catalog_file.write(path, new)
    if options.json:
        told = {"location": options.location, "before": str(data["date"]), "after": str(new["date"])}
        _say(json.dumps({**told, "differences": lines, "written": options.write}, indent=2))
        return OK
    _say(*(lines or [f"the catalog of {data['date']} holds all that {options.location} offers"]))
    if options.write:
        _say(f"written: {path}, dated {new['date']}")
    else:
        _say("nothing written; add --write to do so")
    return OK


def _explain(options: argparse.Namespace) -> int:
    from secure_aks_lifecycle.docs import explain  # noqa: PLC0415  # it imports the rules
    from secure_aks_lifecycle.judging.policies import TOLD  # noqa: PLC0415
    from secure_aks_lifecycle.rules import RULES  # noqa: PLC0415

    if options.rule is None:
        _say(*(f"{rule.id:20} {rule.title}" for rule in RULES))
        return OK
    found = next((rule for rule in RULES if rule.id == options.rule), None)
    if found is None and options.rule in TOLD:
        _say(f"{options.rule}: {TOLD[options.rule]}", "It refuses nothing.")
        return OK
    if found is None:
        return _fail(
            f"there is no rule {options.rule}; there are {', '.join(rule.id for rule in RULES)}", USAGE
        )
    _say(explain(found))
    return OK


def _docs(options: argparse.Namespace) -> int:
    from secure_aks_lifecycle.docs import page  # noqa: PLC0415  # it imports the rules

    text = page()
    if options.output is None:
        sys.stdout.write(text)
    elif options.check:
        path: Path = options.output
        if not path.is_file() or path.read_bytes() != text.encode():
            return _fail(
                f"{path} is not up to date; write it: python -m secure_aks_lifecycle docs --output {path}"
            )
    else:
        replace(options.output, text)
    return OK


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _fail(message: str, code: int = FAILED) -> int:
    sys.stderr.write(f"{message}\n")
    return code
