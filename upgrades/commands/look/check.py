"""`check`: what runs, how long it has support, what comes next, and whether it is ready for that."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pulumi.automation import CommandError
from secure_aks_lifecycle.clock import now
from secure_aks_lifecycle.facts.catalog import Catalog

from settings import SettingsError
from upgrades.check.advice import advised
from upgrades.check.assess import assess
from upgrades.check.off import found as off_in
from upgrades.check.off import with_off
from upgrades.check.upcoming import upcoming
from upgrades.check.values import Check, Observed, Report, Unseen
from upgrades.commands.common import AsJson, StackNames, err, fail, open_session, out
from upgrades.errors.transient import complaint
from upgrades.gates.base import When
from upgrades.observe.azure.clusters import observe
from upgrades.observe.errors import AzureError, UnreadError
from upgrades.observe.stacks import clusters_of_ours
from upgrades.session.folder import project_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from upgrades.gates.base import Result
    from upgrades.observe.azure.reader import Azure
    from upgrades.session.session import Session


class Form(StrEnum):
    """How a check is written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"


def check(  # noqa: PLR0913 - one parameter an option
    stack: StackNames = None,
    *,
    subscription: Annotated[
        list[str] | None,
        typer.Option(
            help="Ask Azure about every cluster of this subscription instead of the stacks; repeat it for several."
        ),
    ] = None,
    resource_group: Annotated[
        str | None, typer.Option(help="Only this resource group of the subscription.")
    ] = None,
    within: Annotated[
        int, typer.Option(min=0, help="Days before the end of support from which it counts.")
    ] = 60,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.TABLE,
    as_json: AsJson = False,
    short: Annotated[bool, typer.Option("--summary", help="One line a cluster, for a fleet.")] = False,
) -> None:
    """Print what runs and how it stands. Exit 1: out of support, or within the days given. 2: something could not be told."""
    form = Form.JSON if as_json else form
    if subscription and stack:
        fail("--subscription asks Azure, --stack asks stacks: give one of them", code=2)
    if resource_group and not subscription:
        fail("--resource-group goes with --subscription", code=2)
    if short and form is not Form.TABLE:
        fail("--summary is a table; leave --format out", code=2)
    catalog, today = Catalog.load(), now().date()
    if subscription:
        found = [
            item
            for one in dict.fromkeys(subscription)
            for item in _azure(one, resource_group, catalog, today, within)
        ]
    else:
        found = [_stack(name, catalog, today, within) for name in stack or clusters_of_ours(project_folder())]
    done = Check(
        today,
        within,
        catalog.date,
        [item for item in found if isinstance(item, Report)],
        [item for item in found if isinstance(item, Unseen)],
    )
    if short:
        from upgrades.check.summary import as_summary  # noqa: PLC0415

        out.print(as_summary(done))
    else:
        _write(done, form)
    raise typer.Exit(done.exit_code)


def _write(done: Check, form: Form) -> None:
    if form is Form.TABLE:
        from upgrades.check.text import as_text  # noqa: PLC0415

        out.print(as_text(done))
    elif form is Form.MARKDOWN:
        from upgrades.check.markdown import as_markdown  # noqa: PLC0415

        print(as_markdown(done), end="")  # noqa: T201
    else:
        print(json.dumps(_values(done, form), indent=2))  # noqa: T201


def _values(done: Check, form: Form) -> dict[str, Any]:
    if form is Form.JSON:
        from upgrades.check.data import as_data  # noqa: PLC0415

        return as_data(done)
    from upgrades.check.sarif import as_sarif  # noqa: PLC0415

    return as_sarif(done)


def _azure(
    subscription: str, resource_group: str | None, catalog: Catalog, today: date, within: int
) -> list[Report | Unseen]:
    from upgrades.observe.azure.reader import Azure  # noqa: PLC0415  # loads the Azure SDK

    try:
        azure = Azure(subscription)
        seen = observe(azure, resource_group)
    except AzureError as error:
        return [Unseen(f"subscription {subscription}", subscription, str(error))]
    places = {item.location for item in seen if isinstance(item, Observed) and item.location}
    catalogs = {place: _catalog(azure, place, catalog, today) for place in sorted(places)}
    return [
        item
        if isinstance(item, Unseen)
        else _assessed(azure, item, catalogs.get(item.location, catalog), today, within)
        for item in seen
    ]


def _assessed(azure: Azure, seen: Observed, catalog: Catalog, today: date, within: int) -> Report:
    from upgrades.observe.azure.view import azure_gates  # noqa: PLC0415  # loads the Azure SDK

    following = upcoming(seen, catalog, today)
    gates = azure_gates(azure, seen, following.steps[0], now()) if following and following.steps else None
    return advised(assess(seen, following, gates, catalog, today, within), catalog, today)


def _catalog(azure: Azure, location: str, shipped: Catalog, today: date) -> Catalog:
    """Return the catalog with what the region offers now; the shipped one, and a word on it, when that is not told."""
    from upgrades.observe.azure.catalog import catalog_of  # noqa: PLC0415  # loads the Azure SDK

    try:
        return catalog_of(azure, location, today)
    except (AzureError, ValueError) as error:
        said = f"{location}: what it offers could not be read, the catalog of {shipped.date} decides: {error}"
        err.print(said, style="yellow", markup=False)
        return shipped


def _stack(name: str, catalog: Catalog, today: date, within: int) -> Report | Unseen:
    session = open_session(name)
    off: list[str] = []
    try:
        settings = session.settings()
        off = [finding.message for finding in off_in(settings)]
        observed = session.observed()
        following = upcoming(observed, catalog, today)
        gates = _gates(session, following.steps) if following and observed.is_up else None
    except (SettingsError, CommandError, UnreadError, ValueError, OSError) as error:
        return Unseen(name, f"stack {name}", "; ".join([complaint(error), *off]), session.file)
    report = assess(observed, following, gates, catalog, today, within)
    return with_off(advised(report, catalog, today), settings)


def _gates(session: Session, steps: Sequence[Any]) -> Sequence[Result] | None:
    if not steps:
        return None
    step = steps[0]
    return session.check(When.BEFORE, session.view("" if step.is_control_plane else step.target), step, None)
