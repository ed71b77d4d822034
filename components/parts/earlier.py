"""What the stack had when this run began: its state, as the engine's own reading has it."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, cast
from weakref import WeakKeyDictionary

import pulumi
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto.resource_pb2 import ResourceInvokeRequest
from pulumi.runtime.settings import get_monitor

FURTHER = "secure-aks:clusters:"
"""How the type tokens of further clusters begin."""
_READ = WeakKeyDictionary[pulumi.Resource, Mapping[str, Any]]()
"""By the stack of a run: one run asks once, and a process may hold several."""


class FurtherCluster(pulumi.ComponentResource):
    """A further cluster of a stack: the parent of all that it has.

    Its type carries its name, and a type is part of the URN of every child: so no name below it meets one of another cluster.
    """

    def __init__(self, name: str, aliases: Sequence[str | pulumi.Alias] = ()) -> None:
        super().__init__(f"{FURTHER}{name}", name, None, pulumi.ResourceOptions(aliases=list(aliases)))
        self.register_outputs({})


def earlier() -> Mapping[str, Any]:
    """Return the outputs of each resource in the stack's state, by URN; none before the first `up`.

    An `up` that failed half-way is in it with what it made, unlike in the stack's outputs, which only a whole `up` writes.
    """
    root = pulumi.runtime.get_root_resource()
    if root is None:
        return _read()
    if root not in _READ:
        _READ[root] = _read()
    return _READ[root]


def earlier_outputs(kind: str, name: str, within: pulumi.Resource | None = None) -> list[Mapping[str, Any]]:
    """Return the outputs of the resources of a type token and a logical name, wherever in the program they stand.

    `within` is the further cluster of a stack that they belong to, whose type is in the URN of all that is its own.
    """
    own = within.pulumi_resource_type if isinstance(within, FurtherCluster) else None
    return [
        outputs
        for urn, outputs in earlier().items()
        if is_called(urn, kind, name) and further_cluster(urn) == own
    ]


def further_cluster(urn: str) -> str | None:
    """Return the type token of the further cluster that a URN is of; None for the first cluster's."""
    return next((part for part in urn.split("::")[2].split("$") if part.startswith(FURTHER)), None)


def is_called(urn: str, kind: str, name: str) -> bool:
    """Say whether a URN is of this type token and logical name; its type is the parents' types and its own."""
    # urn:pulumi:<stack>::<project>::<parent's type>$<type>::<name>
    types, called = urn.split("::", 3)[2:]
    return called == name and types.rpartition("$")[2] == kind


def _read() -> dict[str, Any]:
    full_name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    args = Struct()
    args.update({"stackName": full_name})
    # Options of a resource hang on the answer and have to be plain values. The SDK's own `invoke` would run the program's
    # event loop inside itself, with whatever is under way there.
    asked = ResourceInvokeRequest(tok="pulumi:pulumi:readStackResourceOutputs", args=args)
    with ThreadPoolExecutor(1) as thread:
        answer: dict[str, Any] = MessageToDict(thread.submit(copy_context().run, _ask, asked).result())
    if answer.get("failures"):
        raise pulumi.RunError(
            f"the state of {full_name} cannot be read: {answer['failures'][0].get('reason')}"
        )
    found = cast("dict[str, dict[str, dict[str, Any]]]", answer.get("return", {}).get("outputs") or {})
    return {urn: one.get("outputs") or {} for urn, one in found.items()}


def _ask(request: ResourceInvokeRequest) -> Any:
    # The mocks of a program's unit tests want an event loop, and not the one that the program runs in.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return cast("Any", get_monitor()).Invoke(request)
    finally:
        loop.close()
