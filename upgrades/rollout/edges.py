"""What a rollout touches outside itself, as protocols; tests hand in their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from upgrades.engine.interrupts import Interrupts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from pulumi.automation import EngineEvent

    from upgrades.gates.base import Result, When
    from upgrades.model.steps import Step
    from upgrades.model.view import View
    from upgrades.observe.running import Running


class Stack(Protocol):
    """The part of `pulumi.automation.Stack` that a rollout uses."""

    def preview(self, *, on_event: Callable[[EngineEvent], Any] | None = None) -> Any:
        """Preview the stack."""
        ...

    def up(self, *, on_event: Callable[[EngineEvent], Any] | None = None) -> Any:
        """Bring the stack up."""
        ...


class Reporter(Protocol):
    """Is told what goes on, to show it."""

    def step(self, index: int, steps: Sequence[Step], phase: str) -> None:
        """Show the step and the phase that begins."""
        ...

    def gates(self, results: Sequence[Result]) -> None:
        """Show what the gates found."""
        ...

    def event(self, event: EngineEvent) -> None:
        """Show an event of the engine."""
        ...

    def note(self, text: str) -> None:
        """Show a line."""
        ...

    def waiting(self, what: str, seconds: float) -> None:
        """Show that nothing happens for so many seconds, and what is waited for."""
        ...


class Stopped(Exception):  # noqa: N818  # a legal end of a run, no error of the program
    """The rollout stopped in a legal state. `why` says what stopped it, `remedy` what can be done.

    `results` are those of the gates that stopped it.
    """

    def __init__(self, why: str, remedy: str, results: Sequence[Result] = ()) -> None:
        super().__init__(f"{why}\n{remedy}")
        self.why, self.remedy, self.results = why, remedy, tuple(results)


@dataclass(frozen=True, slots=True)
class Drained:
    """How far a drain is: the pods that are left on the pool, and what the API server said of those it does not let go."""

    left: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edges:
    """Everything a rollout touches outside itself.

    `running` asks Azure what runs now; `view` reads the cluster (it takes the pool that is about to be drained, or nothing); `check` runs the gates of one side over a view. `settle` is
    how many minutes the gates after a step may take to pass. `interrupts` tells of Ctrl-C, `cancel` hands it on to the engine.
    `files` returns the digests of the files that the stack is made of, `state` that of its state (CommandError when it cannot be read); `engine_works` tells whether the engine of a run that
    was killed still works. `roll_back` lets Azure take a pool back to where a step ends, `renew` give it its
    newest node image, `upgrade_whole` take the control plane and all pools there at once; all raise UnreadError. `drain` cordons the nodes of a step's pool and asks once for every eviction that
    is due, `free_cores` tells the quota for the pool that a step adds; both raise UnreadError.
    """

    stack: Stack
    stack_file: Path
    running: Callable[[], Running]
    view: Callable[[str], View]
    check: Callable[[When, View, Step, View | None], Sequence[Result]]
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    reporter: Reporter
    settle: int = 30
    interrupts: Interrupts = field(default_factory=Interrupts)
    cancel: Callable[[], None] = lambda: None
    files: Callable[[], Mapping[str, str]] = dict[str, str]
    state: Callable[[], str] = str
    engine_works: Callable[[], bool] = lambda: False
    roll_back: Callable[[Step], None] = lambda _: None
    renew: Callable[[Step], None] = lambda _: None
    upgrade_whole: Callable[[Step], None] = lambda _: None
    drain: Callable[[Step], Drained] = lambda _: Drained()
    free_cores: Callable[[Step], Mapping[str, int]] = lambda _: dict[str, int]()
