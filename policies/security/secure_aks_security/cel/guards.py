"""What the source that `careful.py` writes calls: functions that raise where an unknown would be used."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from secure_aks_security.cel import operations
from secure_aks_security.cel.operations import EvaluationError, MissingError, truth
from secure_aks_security.judging.values import UNKNOWN, holds_unknown, is_unknown
from secure_aks_security.shapes import items, mapping

_FEW = 3
"""Items of a list: of fewer each is asked about."""


class UnknownUsedError(EvaluationError):
    """An expression needs a value that is not known yet; the message is the value's stand-in."""


def guards(*, partial: bool) -> dict[str, Callable[..., Any]]:
    """Return the functions by name. `partial`: the object is a patch, so what is absent may be there on the server."""
    fields = _Fields(partial=partial)
    return {
        "known": known,
        "settled": _settled,
        "made_of": fields.made_of,
        "maybe_among": fields.among,
        "maybe_plus": _plus,
        "present": fields.present,
        "maybe_present": fields.maybe_present,
        "field": fields.field,
        "each": fields.each,
        "both": _both,
        "either": _either,
        "all_of": _all_of,
        "exists_of": _exists_of,
    }


def known(value: Any) -> Any:
    """Return a value; an error when it is unknown. Asked of nearly every value that a patch has."""
    if type(value) is str and value.startswith(UNKNOWN):
        raise UnknownUsedError(value)
    return value


def _settled(value: Any) -> Any:
    """Return a value; an error when something in it is unknown."""
    if holds_unknown(value):
        raise UnknownUsedError(_first_unknown(value))
    return value


def _plus(left: Any, right: Any) -> Any:
    """Return a sum; a list that is not known counts as a list with one unknown item."""
    if type(left) is list or type(right) is list:
        return operations.plus(_as_list(left), _as_list(right))
    return operations.plus(known(left), known(right))


def _as_list(value: Any) -> Any:
    return [value] if is_unknown(value) else value


def _both(left: Callable[[], Any], right: Callable[[], Any]) -> bool:
    """Return `left && right`: false where one is false, whatever the other is."""
    return not _one_is((left, right), wanted=False)


def _either(left: Callable[[], Any], right: Callable[[], Any]) -> bool:
    """Return `left || right`: true where one is true, whatever the other is."""
    return _one_is((left, right), wanted=True)


def _one_is(sides: Iterable[Callable[[], Any]], *, wanted: bool) -> bool:
    error: EvaluationError | None = None
    for side in sides:
        try:
            if truth(side()) is wanted:
                return True
        except EvaluationError as raised:
            error = _telling(error, raised)
    if error is not None:
        raise error
    return False


def _telling(error: EvaluationError | None, raised: EvaluationError) -> EvaluationError:
    """Return the one that says more: what is not known, before what is missing beside it."""
    if error is None or (isinstance(raised, UnknownUsedError) and not isinstance(error, UnknownUsedError)):
        return raised
    return error


def _all_of(values: Iterable[Any], test: Callable[[Any], Any], fields: tuple[str, ...] | None) -> bool:
    return not _one_is((partial(test, value) for value in _distinct(values, fields)), wanted=False)


def _exists_of(values: Iterable[Any], test: Callable[[Any], Any], fields: tuple[str, ...] | None) -> bool:
    return _one_is((partial(test, value) for value in _distinct(values, fields)), wanted=True)


def _distinct(values: Iterable[Any], fields: tuple[str, ...] | None) -> Iterable[Any]:
    """Yield the values without those that are to a test as one before: alike in all `fields` that it reads.

    Of thousands of containers most are alike, and this costs a tenth of a test.
    """
    if fields is None or len(cast("list[Any]", values)) < _FEW:
        yield from values
        return
    seen = set[str]()
    for value in values:
        if type(value) is dict:
            known_of = cast("dict[str, Any]", value).get
            shape = repr([known_of(name) for name in fields])  # no property is null
            if shape in seen:
                continue
            seen.add(shape)
        yield value


class _Fields:
    """Reads fields that may be unknown, or missing from a patch."""

    def __init__(self, *, partial: bool) -> None:
        self._partial = partial

    def present(self, holder: Any, name: str) -> bool:
        """Return what `has` does; an error when that cannot be told."""
        if operations.has(holder, name):
            return known(holder[name]) is not None
        if self._partial:
            raise MissingError(name)
        return False

    def maybe_present(self, holder: Any, name: str) -> bool:
        """Return what `has` does; true when that cannot be told."""
        return operations.has(holder, name) or self._partial

    def among(self, item: Any, holder: Any) -> bool:
        """Tell whether an item is in a list or map; an error when an unknown, or what is there on the server, could be it."""
        if operations.among(item, holder):
            return True
        _settled(holder)
        if self._partial and type(holder) is dict:
            raise MissingError(item)
        return False

    def each(self, holder: Any) -> Any:
        """Return what a macro goes through; of a patch's map nobody knows all the keys."""
        return [*holder, UNKNOWN] if self._partial and type(holder) is dict else holder

    def made_of(self, value: Any, keeps: Callable[[Any], Any], make: Callable[[Any], Any]) -> Any:
        """Return the list that a filter and a map make; what is not known of an item is an unknown item."""
        if is_unknown(value):
            return value
        made: list[Any] = []
        for item in operations.sequence(self.each(value)):
            try:
                if is_unknown(item) or keeps(item):
                    made.append(item if is_unknown(item) else make(item))
            except UnknownUsedError as error:
                made.append(str(error))
            except MissingError as error:
                if not self._partial:
                    raise
                made.append(f"{UNKNOWN}{error.name}")
        return made

    def field(self, holder: Any, name: str) -> Any:
        """Return a field, unknown or not."""
        if self._partial and type(holder) is dict:
            return cast("dict[str, Any]", holder).get(name, UNKNOWN)
        return operations.select(holder, name)


def _first_unknown(value: Any) -> str:
    if isinstance(value, str):
        return value
    inside: list[Any] = list(mapping(cast("object", value)).values()) or items(cast("object", value))
    return next(_first_unknown(item) for item in inside if holds_unknown(item))
