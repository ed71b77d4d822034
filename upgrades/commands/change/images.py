"""`images`: give the pools of a stack their newest node images, one after another, with the gates of an upgrade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from upgrades.commands.common import Soak, StackName, blocked, fail, open_session, out
from upgrades.plan.images import images as plan_of_images
from upgrades.plan.waves.schedule import schedule

from .running import ask, begins, facts, run

if TYPE_CHECKING:
    from upgrades.check.values import Observed
    from upgrades.session.session import Session


def images(
    stack: StackName = "dev",
    *,
    pool: Annotated[
        list[str] | None, typer.Option("--pool", help="A pool; repeat it for several. All unless given.")
    ] = None,
    soak: Soak = 0,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Give pools their newest node images, Windows ones too: gates, Azure's upgrade, gates, soak, pool by pool.

    Versions and the stack file stay as they are. Killed? `resume` goes on.
    """
    session = open_session(stack)
    begins(session)
    made = plan_of_images(_asked(session), pool or ())
    if made.blockers:
        blocked(made)
    if not made.steps:
        out.print(f"Every pool of {stack} has the newest node image.", markup=False)
        return
    ask([made], schedule([made]), yes=yes)
    told = facts(session, made, str(made.cluster.control_plane))
    run(session, lambda rollout: rollout.start(made.steps, soak, kind="images", **told))


def _asked(session: Session) -> Observed:
    """Return what Azure tells; the stack's own record knows of no images."""
    seen = session.observed()
    for what, why in seen.unread.items():
        if what.startswith("Azure"):
            fail(f"{session.name}: Azure has to be asked which node images there are: {why}")
    return seen
