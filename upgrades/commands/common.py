"""What commands share: the consoles, the options, opening a stack, ending with a message."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from secure_aks_lifecycle.clock import now
from secure_aks_lifecycle.facts.catalog import Catalog, is_newer
from secure_aks_lifecycle.versions.version import Version

from upgrades import typed
from upgrades.observe.errors import AzureError
from upgrades.plan.offers import as_offered, narrowed
from upgrades.plan.planner import plan
from upgrades.plan.route import notes
from upgrades.render.escape import inert
from upgrades.session.folder import project_folder
from upgrades.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import ConsoleOptions, RenderableType
    from rich.segment import Segment

    from upgrades.check.values import Observed
    from upgrades.model.steps import Plan
    from upgrades.observe.azure.reader import Azure


class InertConsole(Console):
    """A console on which foreign text is text: what would steer the terminal is spelt out."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Render as ever; only rich's own control codes pass."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=inert(segment.text))


out = InertConsole(file=sys.stdout, soft_wrap=not sys.stdout.isatty())
"""Writes to the stdout of the start: an engine in this process puts another in its place while it runs the program."""
err = InertConsole(stderr=True, soft_wrap=True)


def _once(names: list[str] | None) -> list[str] | None:
    """Return each stack once, where somebody named one twice: its clusters go through a rollout once."""
    return list(dict.fromkeys(names)) if names else names


AsJson = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
StackName = Annotated[
    str, typer.Option("--stack", "-s", help="A stack; stack/cluster for a further cluster.")
]
StackNames = Annotated[
    list[str] | None,
    typer.Option(
        "--stack",
        "-s",
        help="A stack; stack/cluster for a further cluster. Repeat it for several.",
        callback=_once,
    ),
]
Target = Annotated[str, typer.Option("--to", help="Kubernetes version to go to, x.y.z.")]
Soak = Annotated[int, typer.Option("--soak", min=0, help="Minutes to wait after each step.")]


def open_session(name: str) -> Session:
    """Open a stack of the project here."""
    return Session(project_folder(), name)


def plan_of(session: Session, to: str) -> Plan:
    """Make the plan of a stack, from what runs; a version that cannot be read ends the command.

    A version that came after the catalog was written is looked up in what the region offers.
    """
    target = target_of(to)
    seen = session.observed()
    for what, why in seen.unread.items():
        err.print(f"{session.name}: {what} could not be read: {why}", style="yellow", markup=False)
    shipped, today = Catalog.load(), now().date()
    made = planned(seen, target, shipped)
    if not (made.blockers and seen.offered and is_newer(target, shipped, today)):
        return made
    region = region_catalog(session.azure, seen.location)
    release = region.release(target.minor)
    if (
        release is None
        or not release.available(today)
        or target not in {one.version for one in release.patches}
    ):
        return made
    made = planned(seen, target, region)
    return replace(made, notes=(*notes(made.cluster, target, shipped, today), *made.notes))


def region_catalog(azure: Azure, location: str) -> Catalog:
    """Return the catalog with what a region offers now; the shipped one, and a word on it, when that is not told."""
    from upgrades.observe.azure.catalog import catalog_of  # noqa: PLC0415  # loads the Azure SDK

    shipped = Catalog.load()
    if not location:
        return shipped
    try:
        return catalog_of(azure, location, now().date())
    except (AzureError, ValueError) as error:
        said = f"{location}: what it offers could not be read, the catalog of {shipped.date} decides: {error}"
        err.print(said, style="yellow", markup=False)
        return shipped


def target_of(to: str) -> Version:
    """Return the version of `--to`; one that cannot be read ends the command."""
    try:
        return Version.parse(to)
    except ValueError as error:
        fail(f"--to: {error}", code=2)


def planned(seen: Observed, target: Version, catalog: Catalog) -> Plan:
    """Make the plan of a cluster, from what runs and what Azure offers it."""
    made = plan(narrowed(seen.cluster, seen.offered), target, catalog, now().date())
    return as_offered(made, seen.offered)


def ours(session: Session) -> None:
    """See that this program moves the stack's versions: two owners would undo each other's work. Ends the command otherwise."""
    owner = session.settings().version_rules.owner
    if owner != "program":
        how = (
            f"its order goes to Fleet Manager: {typed.command('plan', session.name, '--to x.y.z --format fleet-settings')}"
            if owner == "fleet"
            else "AKS upgrades it in the window of secure-aks:maintenance.upgrades"
        )
        fail(
            f"{session.name}: {session.file.name} says versionRules.owner: {owner}, so nothing here moves its versions; {how}\n"
            f"to take them back, write `owner: program` and the versions that run now "
            f"({typed.command('check', session.name)}), and bring it up: docs/upgrades.md, Fleet Manager"
        )


def say_no_step(made: Plan, name: str, to: str) -> None:
    """Print why a plan has no step: what keeps a pool where it is, or that everything is there."""
    for said in made.notes or (f"{name} is on {to} already.",):
        out.print(said, markup=False)


def blocked(made: Plan) -> NoReturn:
    """Say what blocks a plan and how to unblock it, and end the command."""
    for item in made.blockers:
        err.print(f"{item.cluster}: {item.what}: {item.why}", style="red", markup=False)
        err.print(f"  {item.unblock}", style="green", markup=False)
    raise typer.Exit(1)


def fail(message: str, code: int = 1) -> NoReturn:
    """End the command with a message."""
    err.print(message, style="red", markup=False)
    raise typer.Exit(code)
