"""`check`: what runs, how long it has support, what comes next, and whether it is ready for that."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads it
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
from upgrades.check.values import Check, Report, Unseen
from upgrades.commands.common import AsJson, StackNames, fail, open_session, out
from upgrades.commands.look.on_azure import Clusters, ResourceGroup, Seen, Subscriptions, asked, seen
from upgrades.errors.transient import complaint
from upgrades.gates import GATES
from upgrades.gates.base import When
from upgrades.gates.judging import judged
from upgrades.observe.azure.ids import cluster_options
from upgrades.observe.errors import ClusterError, UnreadError
from upgrades.observe.stacks import clusters_of_ours
from upgrades.session.folder import project_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from upgrades.gates.base import Result
    from upgrades.model.steps import Step
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
    subscription: Subscriptions = None,
    resource_group: ResourceGroup = None,
    cluster: Clusters = None,
    kubeconfig: Annotated[
        Path | None,
        typer.Option(help="Kubeconfig of the --cluster, by which the gates look inside, too."),
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
    named = asked(stack, subscription, resource_group, cluster)
    if kubeconfig and len(named.clusters) != 1:
        fail("--kubeconfig leads into one cluster: name it with one --cluster", code=2)
    if short and form is not Form.TABLE:
        fail("--summary is a table; leave --format out", code=2)
    catalog, today = Catalog.load(), now().date()
    if named:
        found = [
            one if isinstance(one, Unseen) else _assessed(one, kubeconfig, within) for one in seen(named)
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


def _assessed(one: Seen, kubeconfig: Path | None, within: int) -> Report:
    today = now().date()
    following = upcoming(one.cluster, one.catalog, today)
    gates = _of_any(one, kubeconfig, following.steps[0]) if following and following.steps else None
    return advised(assess(one.cluster, following, gates, one.catalog, today, within), one.catalog, today)


def _of_any(one: Seen, kubeconfig: Path | None, step: Step) -> Sequence[Result]:
    """Return the gates before a step of a cluster that no stack has: those that Azure alone answers, or with a kubeconfig all of them."""
    if kubeconfig is None:
        from upgrades.observe.azure.view import azure_gates  # noqa: PLC0415  # loads the Azure SDK

        return azure_gates(one.azure, one.cluster, step, now())
    from upgrades.observe.cluster.login import client_of  # noqa: PLC0415  # loads the Kubernetes client
    from upgrades.observe.live import view_of_any  # noqa: PLC0415

    anew = f"write it anew: az aks get-credentials {cluster_options(one.cluster.where)} --file {kubeconfig}"
    try:
        client = client_of(kubeconfig.read_text(encoding="utf-8"), f"--kubeconfig {kubeconfig}", anew)
    except ClusterError as error:
        client = error
    except (OSError, UnicodeDecodeError) as error:
        client = ClusterError(f"--kubeconfig {kubeconfig} cannot be read: {complaint(error)}; {anew}")
    pool = "" if step.is_control_plane else step.target
    return judged(GATES, When.BEFORE, view_of_any(one.cluster, client, one.azure, now(), pool), step, None)


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
        why = error.in_a_line() if isinstance(error, SettingsError) else complaint(error)
        return Unseen(name, f"stack {name}", "; ".join([why, *off]), session.file)
    report = assess(observed, following, gates, catalog, today, within)
    return with_off(advised(report, catalog, today), settings)


def _gates(session: Session, steps: Sequence[Any]) -> Sequence[Result] | None:
    if not steps:
        return None
    step = steps[0]
    return session.check(When.BEFORE, session.view("" if step.is_control_plane else step.target), step, None)
