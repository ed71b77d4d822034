"""Refusals in the words of Azure Resource Manager: an HTTP status, a code and a message."""

from __future__ import annotations

import json

from emulator.errors import ProviderError


class ArmError(ProviderError):
    """An answer of ARM other than success, shown in one line: `Status=409 Code="Conflict" Message="..."`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"Status={status} Code={json.dumps(code)} Message={json.dumps(message)}")
        self.status = status
        self.code = code
        self.message = message


def bad_request(code: str, message: str) -> ArmError:
    """Return the refusal of a request that is wrong in itself."""
    return ArmError(400, code, message)


def invalid(name: str, why: str) -> ArmError:
    """Return the refusal of one parameter."""
    return ArmError(
        400, "InvalidParameter", f"The value of parameter {name} is invalid. Error details: {why}"
    )


def not_found(arm_type: str, name: str, group: str) -> ArmError:
    """Return the refusal of a call to a resource that does not exist."""
    where = f"The Resource '{arm_type}/{name}' under resource group '{group}' was not found."
    return ArmError(404, "ResourceNotFound", where)


def change_not_allowed(path: str) -> ArmError:
    """Return the refusal of a change to a property that is set once for all."""
    return ArmError(400, "PropertyChangeNotAllowed", f'Changing property "{path}" is not allowed.')


def conflict(what: str) -> ArmError:
    """Return the refusal of a second operation while `what` ("general - Upgrading") is under way."""
    return ArmError(
        409,
        "OperationNotAllowed",
        f"Operation is not allowed: Another operation ({what}) is in progress, please wait for it to finish before "
        "starting a new operation. See https://aka.ms/aks-pending-operation for more details",
    )


def timed_out(id_: str) -> ProviderError:
    """Return what azure-native says when an operation does not end in time."""
    return ProviderError(f"context deadline exceeded: no answer from Azure for {id_}")
