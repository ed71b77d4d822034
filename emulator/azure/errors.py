"""Refusals in the words of Azure Resource Manager: an HTTP status, a code and a message."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from emulator.errors import ProviderError
from emulator.yaml_files import load_yaml


class ArmError(ProviderError):
    """An answer of ARM other than success, shown in one line: `Status=409 Code="Conflict" Message="..."`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"Status={status} Code={json.dumps(code)} Message={json.dumps(message)}")
        self.status = status
        self.code = code
        self.message = message


@cache
def _sentences() -> dict[str, tuple[int, str]]:
    table = load_yaml(Path(__file__).with_suffix(".yaml"))
    return {case: (int(status), said) for status, cases in table.items() for case, said in cases.items()}


def refusal(case: str, /, **said: object) -> ArmError:
    """Return a refusal of errors.yaml; `said` fills in its sentence."""
    status, sentence = _sentences()[case]
    return ArmError(status, case.partition(".")[0], sentence.format(**said))


def invalid(name: str, why: str) -> ArmError:
    """Return the refusal of one parameter."""
    return refusal("InvalidParameter", name=name, why=why)


def not_found(arm_type: str, name: str, group: str) -> ArmError:
    """Return the refusal of a call to a resource that does not exist."""
    return refusal("ResourceNotFound", arm_type=arm_type, name=name, group=group)


def change_not_allowed(path: str) -> ArmError:
    """Return the refusal of a change to a property that is set once for all."""
    return refusal("PropertyChangeNotAllowed", path=path)


def conflict(what: str) -> ArmError:
    """Return the refusal of a second operation while `what` ("general - Upgrading") is under way."""
    return refusal("OperationNotAllowed.busy", what=what)


def timed_out(id_: str) -> ProviderError:
    """Return what azure-native says when an operation does not end in time."""
    return ProviderError(f"context deadline exceeded: no answer from Azure for {id_}")
