"""A question to Azure while the program runs, whose refusal is told in a line."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import pulumi

from .token_resource import sdk_version

_STATUS = re.compile(r"(?:Status(?:Code)?=|RESPONSE )(\d{3})")
_NOT_FOUND, _TOO_MANY, _ITS_OWN_FAULT = 404, 429, 500
_LATER = "Azure gave no answer this time: run `up` again, what has been made stays"


async def azure_read(  # noqa: PLR0913  (one for each thing that a refusal tells)
    function: str,
    arguments: Mapping[str, str],
    what: str,
    remedy: str,
    parent: pulumi.Resource,
    *,
    gone: str | None = None,
) -> Mapping[str, Any]:
    """Return Azure's answer to a function of azure-native, its keys as Azure has them.

    `what` is the setting and, in the next line, what is asked about, `remedy` what to do where Azure refuses, `gone` where there is
    nothing (the same unless set); by these the program ends then, with a RunError, which the engine shows without a traceback.
    """
    opts = pulumi.InvokeOptions(parent=parent, version=sdk_version("azure-native"))
    try:
        return await pulumi.runtime.invoke_async(f"azure-native:{function}", dict(arguments), opts)
    except asyncio.CancelledError:
        raise
    except Exception as error:
        said = str(error).rpartition("returned an error: ")[2]
        raise pulumi.RunError(f"{what} cannot be read: {said}\n  -> {_remedy(said, remedy, gone)}") from error


def _remedy(said: str, remedy: str, gone: str | None) -> str:
    """Return what helps, by the status of Azure's answer."""
    found = _STATUS.search(said)
    status = int(found[1]) if found else 0
    if status == _NOT_FOUND:
        return gone or remedy
    return _LATER if status == _TOO_MANY or status >= _ITS_OWN_FAULT else remedy
