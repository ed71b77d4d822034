"""`plan`: the steps to a version, in every form."""

from __future__ import annotations

import getpass
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from secure_aks_lifecycle.clock import now
from secure_aks_lifecycle.facts.catalog import Catalog

from upgrades.commands.common import AsJson, StackNames, Target, err, open_session, out, plan_of
from upgrades.observe.stacks import clusters_of_ours
from upgrades.plan.waves.deadlines import with_deadlines
from upgrades.plan.waves.schedule import schedule
from upgrades.session.folder import project_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from upgrades.model.steps import Plan
    from upgrades.plan.waves.values import Schedule


class Form(StrEnum):
    """How a plan is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    FLEET = "fleet"
    FLEET_SETTINGS = "fleet-settings"


def plan(
    to: Target,
    stack: StackNames = None,
    *,
    concurrency: Annotated[int, typer.Option(min=1, help="Clusters under way at once.")] = 1,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.TEXT,
    as_json: AsJson = False,
) -> None:
    """Print the steps to a version: in order, with dates, reasons, lengths and needs. Exit 1: something blocks, or comes too late."""
    form = Form.JSON if as_json else form
    names = stack or clusters_of_ours(project_folder())
    plans = [plan_of(open_session(name), to) for name in names]
    timeline = with_deadlines(schedule(plans, concurrency, now()), Catalog.load())
    show(plans, timeline, form, concurrency)
    if timeline.too_late or any(item.blockers for item in plans):
        raise typer.Exit(1)


def show(plans: Sequence[Plan], timeline: Schedule, form: Form, concurrency: int = 1) -> None:
    """Print plans in a form."""
    if form is Form.TEXT:
        from upgrades.render.text import as_text  # noqa: PLC0415

        out.print(as_text(plans, timeline))
    elif form is Form.JSON:
        from upgrades.render.data import as_data  # noqa: PLC0415

        print(json.dumps(as_data(plans, timeline, getpass.getuser()), indent=2))  # noqa: T201
    elif form in {Form.FLEET, Form.FLEET_SETTINGS}:
        from upgrades.render.fleet import as_fleet, as_settings  # noqa: PLC0415

        strategy = as_fleet(plans, timeline, concurrency)
        text = json.dumps(strategy, indent=2) if form is Form.FLEET else as_settings(strategy)
        print(text)  # noqa: T201
        _say_what_is_left_out(plans)
    elif form is Form.MARKDOWN:
        from upgrades.render.markdown import as_markdown  # noqa: PLC0415

        print(as_markdown(plans, timeline, now(), getpass.getuser()), end="")  # noqa: T201
    else:
        from upgrades.render.html import as_html  # noqa: PLC0415

        print(as_html(plans, timeline, now(), getpass.getuser()))  # noqa: T201


def _say_what_is_left_out(plans: Sequence[Plan]) -> None:
    for item in (item for item in plans if item.blockers):
        why = "; ".join(f"{one.what}: {one.why}" for one in item.blockers)
        err.print(f"{item.cluster.stack}: left out of the strategy: {why}", style="red", markup=False)
