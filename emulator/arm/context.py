"""What the answers to one request share: the emulated Azure, the request, who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.azure.service import Arm
    from emulator.cloud.state import State
    from emulator.entra.tokens import Caller
    from emulator.https.messages import Request


@dataclass(frozen=True)
class Context:
    """One request to Azure Resource Manager."""

    arm: Arm
    request: Request
    caller: Caller

    @property
    def state(self) -> State:
        """The cloud as it is now."""
        return self.arm.cloud.view()

    @property
    def again(self) -> dict[str, str]:
        """The header that says when to ask again."""
        return {"Retry-After": str(self.state.settings.retry_after_seconds)}
