"""`plan`: the steps to a version, in every form."""

from __future__ import annotations

import getpass
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from secure_aks_lifecycle.clock import now
from secure_aks_lifecycle.facts.catalog import Catalog

from upgrades.check.advice import az_upgrade
from upgrades.check.values import Unseen
from upgrades.commands.common import (
    AsJson,
    StackNames,
    Target,
    err,
    open_session,
    out,
    plan_of,
    planned,
    target_of,
)
from upgrades.commands.look.on_azure import Asked, Clusters, ResourceGroup, Subscriptions, asked, seen
from upgrades.observe.stacks import clusters_of_ours
from upgrades.plan.waves.deadlines import with_deadlines
from upgrades.plan.waves.schedule import schedule
from upgrades.session.folder import project_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secure_aks_lifecycle.versions.version import Version

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


def plan(  # noqa: PLR0913 - one parameter an option
    to: Target,
    stack: StackNames = None,
    *,
    subscription: Subscriptions = None,
    resource_group: ResourceGroup = None,
    cluster: Clusters = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Clusters under way at once.")] = 1,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.TEXT,
    as_json: AsJson = False,
) -> None:
    """Print the steps to a version: in order, with dates, reasons, lengths and needs. Exit 1: something blocks, or comes too late."""
    form = Form.JSON if as_json else form
    named = asked(stack, subscription, resource_group, cluster)
    if named:
        plans, unseen = _on_azure(named, target_of(to))
        if unseen and not plans:  # a plan of nothing would read as one in which nothing is to do
            raise typer.Exit(1)
    else:
        names = stack or clusters_of_ours(project_folder())
        plans, unseen = [plan_of(open_session(name), to) for name in names], False
    timeline = with_deadlines(schedule(plans, concurrency, now()), Catalog.load())
    show(plans, timeline, form, concurrency)
    if unseen or timeline.too_late or any(item.blockers for item in plans):
        raise typer.Exit(1)


def _on_azure(named: Asked, target: Version) -> tuple[list[Plan], bool]:
    """Return the plans of clusters that no stack has, and whether one of them could not be seen. How each begins goes to stderr."""
    plans: list[Plan] = []
    unseen = False
    for one in seen(named):
        if isinstance(one, Unseen):
            err.print(f"{one.name}: {one.why}", style="red", markup=False)
            unseen = True
            continue
        for what, why in one.cluster.unread.items():
            err.print(
                f"{one.cluster.cluster.name}: {what} could not be read: {why}", style="yellow", markup=False
            )
        made = planned(one.cluster, target, one.catalog)
        plans.append(made)
        if made.steps:
            step = made.steps[0]
            begin = az_upgrade(made.cluster, step.target, f"--kubernetes-version {step.after}")
            err.print(f"{made.cluster.name} begins with: {begin}", style="green", markup=False)
    return plans, unseen


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
