"""Reads, previews and ups of a rollout: errors that pass are tried again, with growing waits; the others end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pulumi.automation import CommandError

from upgrades.engine.cli_errors import is_held_here
from upgrades.engine.previewed import Previewed
from upgrades.engine.pulumi_cli import EngineWorksError
from upgrades.errors.transient import complaint, is_transient, waits
from upgrades.observe.errors import UnreadError

from .edges import Stopped
from .remedies import cleared, remedy_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi.automation import EngineEvent

    from upgrades.journal.file import Journal
    from upgrades.model.steps import Step
    from upgrades.model.view import View
    from upgrades.observe.running import Running

    from .edges import Drained, Edges

READS = (5.0, 15.0, 30.0, 60.0)
"""Seconds to wait before each new try of a read. A read is quick, and a person may be waiting for it."""

UNREACHED = "cannot be reached"
"""How `observe` says that no connection came about."""

T = TypeVar("T")


class Engine:
    """Asks for what runs, previews and brings up one stack, and notes each new try in the journal."""

    def __init__(self, edges: Edges, journal: Journal) -> None:
        self.edges, self.journal = edges, journal
        self._reached = False

    def running(self) -> Running:
        """Return what Azure runs. Raises Stopped when it cannot be asked."""
        return self._read("what runs", self.edges.running)

    def view(self, step: Step | None = None) -> View:
        """Return what gates see; what cannot be read for a reason that passes is read again. Raises Stopped.

        Before a pool's step the API server is asked about the pods there: `step` is that one.
        """
        drained = step.target if step and not step.is_control_plane else ""
        for wait in READS:
            seen = self._read("the cluster", lambda: self.edges.view(drained))
            passing = [why for why in dict.fromkeys(seen.unread.values()) if self._passes(why)]
            if not passing:
                self._reached |= not any(UNREACHED in why for why in seen.unread.values())
                return seen
            self._again("reading the cluster", "; ".join(passing), wait)
        return self._read("the cluster", lambda: self.edges.view(drained))

    def state(self) -> str:
        """Return a digest of the stack's state. Raises Stopped when it cannot be read."""
        return self._read("the stack's state", self.edges.state)

    def _read(self, what: str, ask: Callable[[], T]) -> T:
        for wait in (*READS, None):
            try:
                return ask()
            except (UnreadError, CommandError, ValueError) as error:
                text = self._text(error, []) if isinstance(error, CommandError) else str(error)
                if wait is None or not self._passes(text):
                    remedy = "mend that, then `resume`: nothing has been begun meanwhile"
                    raise Stopped(f"{what} could not be read: {text}", remedy) from None
                self._again(f"reading {what}", text, wait)
        raise AssertionError("the last round returns")

    def _passes(self, why: str) -> bool:
        """Tell whether a read is worth another try. Who was never reached in this run is not waited for."""
        return is_transient(why) and (self._reached or UNREACHED not in why)

    def preview(self) -> Previewed:
        """Return what an `up` would do; an error that does not pass is part of it."""
        for wait in [*waits(), None]:
            seen = Previewed()
            try:
                self.edges.stack.preview(on_event=seen)
            except CommandError as error:
                text = self._text(error, seen.errors)
                if wait is not None and is_transient(text):
                    self._again("preview", text, wait)
                    continue
                if not seen.errors:
                    seen.errors.append(text)
            return seen
        raise AssertionError("the last round returns")

    def roll_back(self, step: Step) -> None:
        """Let Azure take a pool back. Raises Stopped."""
        self._ask_azure(f"rollback of {step.target} to {step.after}", self.edges.roll_back, step)

    def renew(self, step: Step) -> None:
        """Let Azure give a pool its newest node image. Raises Stopped."""
        self._ask_azure(f"new node image of {step.target}", self.edges.renew, step)

    def upgrade_whole(self, step: Step) -> None:
        """Let Azure take the control plane and every pool there at once. Raises Stopped."""
        self._ask_azure(f"upgrade of {step.title}", self.edges.upgrade_whole, step)

    def drain(self, step: Step) -> Drained:
        """Cordon a pool and ask for the evictions that are due. Raises Stopped."""
        return self._read(f"drain of {step.target}", lambda: self.edges.drain(step))

    def free_cores(self, step: Step) -> Mapping[str, int]:
        """Return the quota for the pool that a step adds. Raises Stopped."""
        return self._read("the quota", lambda: self.edges.free_cores(step))

    def _ask_azure(self, what: str, ask: Callable[[Step], None], step: Step) -> None:
        for wait in [*waits(), None]:
            try:
                ask(step)
            except (UnreadError, ValueError) as error:
                if wait is None or not is_transient(str(error)):
                    remedy = cleared(str(error)) or "mend what it names, then `resume`"
                    raise Stopped(f"the {what} failed: {error}", remedy) from None
                self._again(what, str(error), wait)
            else:
                return

    def up(self, step: Step, anew: Callable[[], None]) -> Previewed:
        """Bring the stack up, and return what that changed; a Ctrl-C is held back until it is done, a second one handed on. Raises Stopped, KeyboardInterrupt.

        `anew` is called before each new try, minutes after the last one: it raises Stopped when the step must not begin any more.
        """
        for wait in [*waits(), None]:
            seen = Previewed()

            def told(event: EngineEvent, seen: Previewed = seen) -> None:
                seen(event)
                self.edges.reporter.event(event)

            try:
                with self.edges.interrupts.held_back(self._told):
                    self.edges.stack.up(on_event=told)
            except CommandError as error:
                text = self._text(error, seen.errors)
                if wait is None or not (is_transient(text) or is_held_here(error)):
                    why = f"`up` of {step.title} failed:\n  " + text.replace("\n", "\n  ")
                    raise Stopped(why, remedy_of(error, text, step)) from None
                self._again(f"up of {step.title}", text, wait)
                anew()
            except EngineWorksError:
                raise Stopped(
                    f"the engine of an earlier run still works on {step.title}",
                    "wait for it to end, then `resume`",
                ) from None
            else:
                return seen
        raise AssertionError("the last round returns")

    def _told(self, count: int) -> None:
        """Say what a Ctrl-C does while an `up` is under way, and do it."""
        if count == 1:
            self.edges.reporter.note("the step under way ends first; Ctrl-C again cancels it")
        else:
            self.edges.reporter.note("cancelling: what Azure has begun it ends by itself")
            self.edges.cancel()

    def _text(self, error: CommandError, said: list[str]) -> str:
        """Return what went wrong. Raises KeyboardInterrupt when that was Ctrl-C."""
        self.edges.interrupts.check()
        return complaint(error, said)

    def _again(self, what: str, text: str, wait: float) -> None:
        self.journal.write("retry", what=what, error=text, seconds=wait)
        self.edges.reporter.note(f"{what} failed, which may pass: {text}; again in {wait:.0f} s")
        self.edges.reporter.waiting("new try", wait)
        self.edges.sleep(wait)
