"""Rules that judge what an `up` changes of the versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.stack.change import Change, NotKnownError, read_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource
    from secure_aks_lifecycle.judging.rule import Params, ResourceCheck

    ChangeCheck = Callable[[Change, Context, Params], Iterable[Finding]]


def on_change(
    check: ChangeCheck, *, tells_malformed: bool = False, only_in_prod: bool = False
) -> ResourceCheck:
    """Make a check of a `Change` one of the `VersionChange` that holds it; what is not known yet makes it unknown.

    One rule of them `tells_malformed`, so that the same mistake is told once.
    """

    def checked(resource: Resource, context: Context, params: Params) -> Iterator[Finding]:
        if only_in_prod and not context.in_prod:
            return
        try:
            change = read_change(resource)
        except NotKnownError as error:
            yield Finding(str(error), unknown=True)
        except ValueError as error:
            if tells_malformed:
                yield Finding(f"the versions cannot be compared: {error}")
        else:
            yield from check(change, context, params)

    return checked
