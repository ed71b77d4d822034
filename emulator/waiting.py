"""How a program waits for its own unfinished values: all of them at a time.

The SDK (`pulumi.runtime.stack.wait_for_rpcs`) waits for the first of all that are open, looks at each, and begins again: of n values
each is looked at n times, which is a quarter of what a stack of two hundred resources costs.
"""

from __future__ import annotations

import asyncio
from typing import Any

from pulumi.runtime import settings, stack

_CALLS = stack.wait_for_rpcs


async def wait_for_all(await_all_outstanding_tasks: bool = True) -> None:  # noqa: FBT001, FBT002 - as the SDK calls it
    """Wait until no call and, unless told otherwise, no value is open; raise what the first that failed raises."""
    shared: Any = settings.SETTINGS
    while True:
        await _CALLS(await_all_outstanding_tasks=False)
        with shared.lock:
            values: list[asyncio.Future[Any]] = list(shared.outputs) if await_all_outstanding_tasks else []
            shared.outputs.difference_update(values)
        if not values:
            return
        done, still = await asyncio.wait(values, return_when=asyncio.FIRST_EXCEPTION)
        shared.outputs.update(still)
        for value in done:
            await value
