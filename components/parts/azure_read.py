"""A question to Azure while the program runs, whose refusal is told in a line."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi

from .token_resource import sdk_version


async def azure_read(
    function: str, arguments: Mapping[str, str], what: str, remedy: str, parent: pulumi.Resource
) -> Mapping[str, Any]:
    """Return Azure's answer to a function of azure-native, its keys as Azure has them.

    `what` is the setting and, in the next line, what is asked about, `remedy` what to do where Azure refuses; by these the program ends
    then, with a RunError, which the engine shows without a traceback.
    """
    opts = pulumi.InvokeOptions(parent=parent, version=sdk_version("azure-native"))
    try:
        return await pulumi.runtime.invoke_async(f"azure-native:{function}", dict(arguments), opts)
    except asyncio.CancelledError:
        raise
    except Exception as error:
        said = str(error).rpartition("returned an error: ")[2]
        raise pulumi.RunError(f"{what} cannot be read: {said}\n  -> {remedy}") from error
