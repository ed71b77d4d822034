"""Ctrl-C, SIGTERM and a closed terminal: a wait ends at once, a step that is under way ends first.

An `up` that is broken off leaves a change half done. So while one runs the first signal is only noted: the step ends, is
written down, and the rollout stops there. The second asks the engine to cancel, which it does in order.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType, TracebackType

SIGNALS: tuple[signal.Signals, ...] = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Those that this system has: Windows has no SIGHUP."""


class Interrupts:
    """Catches the signals while it is entered (in the main thread). `count` is how many came, `number` the last of them."""

    def __init__(self) -> None:
        self.count = 0
        self.number = 0
        self._told: Callable[[int], None] | None = None
        self._before: dict[signal.Signals, signal.Handlers | Callable[..., object] | int | None] = {}

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._take) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @property
    def came(self) -> bool:
        """Whether a signal came."""
        return self.count > 0

    @property
    def exit_code(self) -> int:
        """How a shell reads the end of a process by the last signal."""
        return 128 + (self.number or signal.SIGINT)

    def check(self) -> None:
        """Raise KeyboardInterrupt when a signal came while it was held back."""
        if self.came:
            raise KeyboardInterrupt

    @contextmanager
    def held_back(self, told: Callable[[int], None]) -> Generator[None]:
        """Raise nothing inside; `told` is called with the count at each signal."""
        self._told = told
        try:
            yield
        finally:
            self._told = None

    def _take(self, number: int, _frame: FrameType | None) -> None:
        self.count += 1
        self.number = number
        if self._told is None:
            raise KeyboardInterrupt
        self._told(self.count)
