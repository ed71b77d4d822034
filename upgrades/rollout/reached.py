"""Whether Azure runs what a step ends at, and what the gates before a replacement's step have to know beside their view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.moves import Kind

if TYPE_CHECKING:
    from upgrades.model.moves import Move
    from upgrades.model.steps import Step
    from upgrades.model.view import View
    from upgrades.observe.running import Running

    from .work import Work


def is_reached(running: Running, step: Step) -> bool:
    """Tell whether what runs is the step's end already; not told is not reached."""
    if step.move is None:
        return all(running.of(part.target) == part.after for part in step.parts)
    there = running.of(step.move.target)
    if step.move.kind is Kind.REMOVE:
        return bool(running.versions) and there is None
    if step.move.kind is Kind.EMPTY:
        return there is not None and running.counts.get(step.move.old) == 0
    return there == step.after


def short_of(running: Running, step: Step) -> str:
    """Say what an `up` that succeeded did not do; empty when it did, or where Azure tells nothing at all."""
    if gone := no_more(running, step):
        return gone
    if failed := failed_by(running, step):
        return failed
    if step.move is None:
        wrong = [
            f"{part.target} still runs {there}"
            for part in step.parts
            if (there := running.of(part.target)) is not None and there != part.after
        ]
        return f"{', '.join(wrong)} instead of {step.after}" if wrong else ""
    if not running.versions or is_reached(running, step):
        return ""
    return f"pool {step.target} is not as the step leaves it ({step.ends[1]})"


def no_more(running: Running, step: Step) -> str:
    """Say which target of a step Azure does not have any more; empty when all are there, or where it tells nothing at all."""
    if step.move and step.move.kind in {Kind.ADD, Kind.REMOVE}:
        return ""
    gone = [part.target for part in step.parts if running.of(part.target) is None] if running.versions else []
    return f"Azure has no {', '.join(gone)} any more, or does not say what it runs" if gone else ""


def failed_by(running: Running, step: Step) -> str:
    """Say what of a step, or of the cluster, Azure calls failed, whatever version it names there."""
    ours = {CONTROL_PLANE, *(part.target for part in step.parts)}
    failed = [target for target in running.failed if target in ours]
    return f"Azure has {', '.join(failed)} in a failed state" if failed else ""


def is_begun(running: Running, step: Step) -> bool:
    """Tell whether anything of a step runs at its end already."""
    return any(running.of(part.target) == part.after for part in step.parts)


def with_room(work: Work, step: Step, view: View) -> View:
    """Return the view with the addresses and cores for a pool that is to come: it shares the old one's subnets. Raises Stopped."""
    move = step.move
    if move is None or move.kind is not Kind.ADD:
        return view
    addresses, cores, pods = view.free_addresses, view.free_cores, view.pod_room
    if addresses is not None and move.old in addresses:
        addresses = {**addresses, move.new: addresses[move.old]}
    if pods is not None and move.old in pods:
        pods = {**pods, move.new: pods[move.old]}
    if cores is not None:
        cores = {**cores, **work.engine.free_cores(step)}
    return replace(view, free_addresses=addresses, free_cores=cores, pod_room=pods)


def left_by(move: Move) -> str:
    """Say what is there when a replacement ends at a step, and what makes the old pool as it was."""
    if move.kind is Kind.ADD:
        return f"{move.old} is untouched, and {move.new} can be taken out of the stack file"
    if move.kind is Kind.DRAIN:
        return f"{move.new} stays beside {move.old}, which takes pods again after: kubectl uncordon -l agentpool={move.old}"
    return f"{move.old} has no pods any more; give it its count again in the stack file to keep it, or take it out"
