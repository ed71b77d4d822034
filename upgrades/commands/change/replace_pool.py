"""`replace-pool`: a new pool takes another's place, where Azure cannot change what is wanted of the old one."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from secure_aks_lifecycle.clock import now
from secure_aks_lifecycle.facts.catalog import Catalog

from settings import SettingsError
from settings.reading.load import load_cluster
from upgrades.commands.common import Soak, StackName, blocked, fail, open_session
from upgrades.commands.look.plan import Form, show
from upgrades.files.pools_edit import entry_of, make_move
from upgrades.model.clusters import Pool
from upgrades.model.moves import Kind, Move
from upgrades.model.steps import Plan
from upgrades.observe.stacks import as_cluster
from upgrades.plan.replace_pool import NOT_HERE, new_name
from upgrades.plan.replace_pool import replace_pool as plan_of_pool
from upgrades.plan.subnets import free_range, pins, ranges
from upgrades.plan.waves.deadlines import with_deadlines
from upgrades.plan.waves.schedule import schedule
from upgrades.session.looks import promotion_notes

from .running import ask, azure_was_asked, begins, facts, run

if TYPE_CHECKING:
    from settings import StackSettings
    from upgrades.session.session import Session


def replace_pool(  # noqa: PLR0913 - each is an option
    pool: Annotated[str, typer.Option("--pool", help="The pool to replace.")],
    given: Annotated[
        list[str],
        typer.Option(
            "--set",
            help="What the new pool has otherwise, as in the stack file: vmSize=Standard_D8ds_v5, zones=[1,2,3]; key= takes a key away.",
        ),
    ],
    stack: StackName = "dev",
    *,
    name: Annotated[
        str, typer.Option("--name", help="The new pool's name; the old one's with a number unless given.")
    ] = "",
    soak: Soak = 0,
    only_plan: Annotated[
        bool, typer.Option("--only-plan", help="Print the steps, and change nothing.")
    ] = False,
    form: Annotated[Form, typer.Option("--format", help="How to write them, with --only-plan.")] = Form.TEXT,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Put a new pool in the place of one whose VM size, zones or OS Azure cannot change: add, drain, empty, remove.

    Each step has its gates, its `up` and its entry in the journal. Killed? `resume` goes on.
    """
    session = open_session(stack)
    if sharing := [
        one.name for one in session.others() if pool in {its.name for its in one.settings().all_pools}
    ]:
        fail(
            f"{session.name}: {', '.join(sharing)} has the pool {pool} too, by the same entry of the stack's one list, so a new one comes "
            "and an old one goes in each of them; write it under secure-aks:pools and each poolVersions yourself, run `up`, drain "
            "the old pool in one cluster after another (kubectl drain -l agentpool=<old>), write `count: 0` on it, `up`, and take it "
            "out: docs/several-clusters.md, Another pool in all of them"
        )
    if not only_plan:
        begins(session)
    made = _plan(session, pool, name, _values(given))
    if only_plan:
        show([made], with_deadlines(schedule([made], 1, now()), Catalog.load()), form)
        raise typer.Exit(1 if made.blockers else 0)
    if made.blockers:
        blocked(made)
    ask([made], schedule([made]), yes=yes)
    told = facts(session, made, str(made.cluster.control_plane))
    run(session, lambda rollout: rollout.start(made.steps, soak, kind="replacement", **told))


def _values(given: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    reader: Any = YAML(typ="safe", pure=True)  # carries no types
    for text in given:
        key, sign, value = text.partition("=")
        if not sign or not key.strip().isidentifier():
            fail(f"--set {text}: write key=value, such as --set vmSize=Standard_D8ds_v5", code=2)
        try:
            found[key.strip()] = json.loads(json.dumps(reader.load(value) if value else None, default=str))
        except YAMLError:
            fail(f"--set {text}: {value} is no YAML value; in brackets write [1, 2, 3]", code=2)
    if "zones" in found and isinstance(found["zones"], list):
        found["zones"] = [str(zone) for zone in cast("list[object]", found["zones"])]
    return found


def _plan(session: Session, old: str, name: str, values: dict[str, Any]) -> Plan:
    """Return the plan; every edit that it will make is made on a copy first, and read as the settings it then is."""
    seen = session.observed()
    azure_was_asked(session, seen, "a pool is replaced")
    cluster = seen.cluster
    here = next((one for one in cluster.pools if one.name == old), None)
    in_list = here is not None and here.mode != "System"
    says = entry_of(session.file, old) if in_list and not NOT_HERE.keys() & values.keys() else {}
    os_type = str(values.get("osType", here.os_type if here else ""))
    new = name or new_name(old, os_type, frozenset(one.name for one in cluster.pools))
    refused = plan_of_pool(cluster, old, Pool(new, cluster.control_plane), says, values)
    if refused.blockers:  # nothing to try
        return refused
    try:
        tried = _tried(session, Move(Kind.ADD, old, new, values, session.further))
        if tried.here:
            # A range that follows from the order of the pools would be another one once the old pool is gone.
            values = {**values, "subnet": free_range(tried.stages[0], tried.stages[1], new)}
            tried = _tried(session, Move(Kind.ADD, old, new, values, session.further))
    except SettingsError as error:
        fail(f"{session.name}: the stack file would not hold with the new pool, and is as it was:\n{error}")
    moved = tuple(pins(cluster.name, tried.here, tried.stages[1:]))
    if moved:
        return Plan(cluster, cluster.control_plane, (), moved)
    shape = as_cluster(session.name, tried.stages[1], None).pool(new)
    if here is not None:  # its nodes take addresses as those of the old one do
        shape = replace(shape, node_addresses=here.node_addresses)
    made = plan_of_pool(cluster, old, shape, says, values, locked=tried.stages[0].cluster.lock)
    return replace(made, notes=(*made.notes, *promotion_notes(session, made.steps)))


@dataclass(frozen=True, slots=True)
class _Tried:
    """The stack's settings as they are, and after each edit of a replacement; `here` are the pools' ranges as they are."""

    stages: tuple[StackSettings, ...]
    here: dict[str, str]


def _tried(session: Session, first: Move) -> _Tried:
    """Make every edit on a copy, and read it after each. Raises SettingsError, EditError."""
    with TemporaryDirectory() as folder:
        for path in (*session.folder.glob("Pulumi*.yaml"),):
            shutil.copy(path, folder)
        file = Path(folder) / session.file.name
        stages = [load_cluster(Path(folder), session.name)]
        for kind in (Kind.ADD, Kind.EMPTY, Kind.REMOVE):
            make_move(file, replace(first, kind=kind))
            stages.append(load_cluster(Path(folder), session.name))
    return _Tried(tuple(stages), ranges(stages[0]))
