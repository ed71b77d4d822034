"""What all parts of one run share: the state, the providers, the events, and whether it goes on."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator.errors import OperationError
from emulator.plugins.base import PartialError, ProviderError
from emulator.properties.values import Secret, mark_secrets

if TYPE_CHECKING:
    from collections.abc import Generator

    from emulator.dry_run.events import Events
    from emulator.dry_run.provider_set import ProviderSet
    from emulator.dry_run.resource import Resource
    from emulator.dry_run.state import State
    from emulator.plugins.base import Props


class StopRun(OperationError):  # noqa: N818 - not an error of its own: what went wrong has been reported
    """The run cannot go on."""


@dataclass
class Run:
    """One run; `cancelled` may be set from another thread and stops it before the next step."""

    state: State
    providers: ProviderSet
    events: Events
    dry_run: bool
    cancelled: threading.Event = field(default_factory=threading.Event)
    failed: bool = False

    def check(self) -> None:
        """Raise StopRun when the run was cancelled, or has failed already."""
        if self.cancelled.is_set():
            if not self.failed:
                self.events.diagnostic(
                    "error", "cancelled: what was done so far is kept, the next `up` goes on from there"
                )
            self.failed = True
            raise StopRun
        if self.failed and not self.dry_run:
            raise StopRun

    def stop(self, urn: str, message: str) -> StopRun:
        """Report an error and return what to raise."""
        self.events.diagnostic("error", message, urn)
        self.failed = True
        return StopRun(message)

    @contextmanager
    def settling(
        self, resource: Resource, *, was: str = "", replaced: Resource | None = None
    ) -> Generator[None]:
        """End a pending operation when it is refused: the service has answered. Whatever else happens leaves it on record."""
        try:
            yield
        except PartialError as error:
            resource.id, resource.outputs = error.id, marked(error.outputs, resource)
            resource.init_errors = [str(error)]
            if not self.dry_run:
                self.state.put(resource, was=was or (replaced.urn if replaced else ""), replaced=replaced)
            raise
        except ProviderError:
            if not self.dry_run:
                self.state.settle(resource.urn)
            raise


def marked(outputs: Props, resource: Resource) -> Props:
    """Return a provider's outputs with the secrets among them marked."""
    result: Props = mark_secrets(outputs, resource.inputs)
    for name in resource.additional_secret_outputs:
        if name in result and not isinstance(result[name], Secret):
            result[name] = Secret(result[name])
    return result
