"""Asking about them: the pack, and the API server with the same rules."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.struct_pb2 import Struct
from secure_aks_security.judging.evaluation import Verdict
from secure_aks_security.judging.judge import Finding, Judge
from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import from_struct

from tests.security.build import CONFIG
from tests.security.cases import type_of
from tests.security.parity import Server

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_CREATED = 201
_SERVER_ERROR = 500
# What the API server's own look for a RuntimeClass says of a name that no object can have.
_NO_CLASS = "invalid resource name"
# There the API server asks nothing, and the pack, which sees who writes the stack, asks all the same.
_LEFT_OUT = {"kube-system", *CONFIG["secure-aks:admission"]["systemNamespaces"]}
# The API server cuts what it warns of short, in all and each: more than this may be missing from its answer.
_MOST_WARNINGS = 2_000


@dataclass
class Tally:
    """How many were asked about and let in, and what was wrong."""

    asked: int = 0
    admitted: int = 0
    wrong: list[str] = field(default_factory=list[str])


def judged(judge: Judge, item: dict[str, Any]) -> list[Finding]:
    """What the pack says of an object as the engine sends it."""
    properties = Struct()
    properties.update(item)
    return judge.judge(Resource(type_of(item), "urn", "it", from_struct(properties)))


def examine(judge: Judge, server: Server | None, items: Iterable[dict[str, Any]]) -> Tally:
    """Ask about every object; without a server the pack alone, which must answer whatever it is."""
    tally = Tally()
    for item in items:
        tally.asked += 1
        try:
            findings = judged(judge, item)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            tally.wrong.append(f"{error!r}: {json.dumps(item)}")
            continue
        broken = [one.message for one in findings if "the object cannot be judged" in one.message]
        if broken:
            tally.wrong.append(f"{broken}: {json.dumps(item)}")
        if server:
            tally.wrong += _compared(findings, server, item, tally)
    return tally


def _compared(findings: list[Finding], server: Server, item: dict[str, Any], tally: Tally) -> Iterator[str]:
    """Yield what the API server says otherwise, if it can be asked and lets the object in."""
    if not _has_a_path(item):
        return
    status, answer, words = server.create(item)
    if status >= _SERVER_ERROR and _NO_CLASS not in answer["message"]:
        yield f"the API server: {answer}: {json.dumps(item)}"
    if status != _CREATED:
        return
    tally.admitted += 1
    unreadable = [one.message for one in findings if one.verdict is Verdict.MALFORMED]
    errors = [line for line in server.warnings if "resulted in error" in line]
    there, here = set(words), {one.rule.id for one in findings}
    if unreadable:
        yield f"let in, and unreadable here: {unreadable}: {json.dumps(item)}"
    elif errors:
        yield f"unreadable there: {errors}: {json.dumps(item)}"
    elif item["metadata"].get("namespace") in _LEFT_OUT and not there:
        return
    elif there != here and sum(map(len, server.warnings)) < _MOST_WARNINGS:
        yield f"there {sorted(there - here)}, here {sorted(here - there)}: {json.dumps(item)}"


def _has_a_path(item: dict[str, Any]) -> bool:
    """Whether the object can be sent: debugging containers are added to a running pod alone."""
    metadata, spec = item["metadata"], item.get("spec")
    if not isinstance(metadata, dict) or (isinstance(spec, dict) and "ephemeralContainers" in spec):
        return False
    namespace = metadata.get("namespace", "default")
    return isinstance(namespace, str) and bool(_LABEL.fullmatch(namespace))
