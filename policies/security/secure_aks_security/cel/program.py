"""Compiled expressions, and the variables that they read."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, TypeVar, cast

from secure_aks_security.cel import operations
from secure_aks_security.cel.guards import guards, known
from secure_aks_security.cel.operations import EvaluationError
from secure_aks_security.cel.use import Use
from secure_aks_security.kept import KEPT

Compiled = Callable[["Variables", Any], Any]
"""A compiled expression: takes the variables and the object."""
# What Python itself raises where a quick source meets a value that no operator fits.
_PYTHON_ERRORS = (EvaluationError, TypeError, AttributeError, KeyError, RecursionError)

_OPERATIONS: dict[str, Any] = {
    **{
        name: getattr(operations, name)
        for name in ("truth", "select", "index", "sequence", "equal", "among", "less", "plus", "joined")
    },
    **{f"f_{name}": function for name, function in operations.FUNCTIONS.items()},
}
_CAREFUL = {partial: {**_OPERATIONS, **guards(partial=partial)} for partial in (False, True)}


class NoQuickValueError(Exception):
    """The quick way does not say what the value is; the careful way does."""


class Variables:
    """The variables of an area over one object, each evaluated when an expression first reads it."""

    texts: ClassVar[Mapping[str, str]]
    """The variables' CEL by name. Parameters and facts are attributes of the class, which `variables` makes."""

    def __init__(self, found: Any) -> None:
        self.object = found

    def evaluate(self, text: str) -> Any:
        """Return the value of an expression. Raises NoQuickValueError."""
        try:
            return _quick(text)(self, self.object)
        except _PYTHON_ERRORS as error:
            raise NoQuickValueError from error

    def unless_true(self, texts: tuple[str, ...]) -> list[tuple[int, Any]]:
        """Return the positions and values of the expressions that are not true; None for one that has no value."""
        found: list[tuple[int, Any]] = []
        given = self.object
        for position, function in enumerate(_quick_all(texts)):
            try:
                value = function(self, given)
            except Exception:  # noqa: BLE001 - the careful way says of this one what is wrong
                value = None
            if value is not True:
                found.append((position, value))
        return found


class _Variable:
    """One variable: an object's own attribute from when an expression first reads it."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self._text = name, text
        self._made: Compiled | None = None

    def __get__(self, holder: Variables, _owner: type) -> Any:
        if self._made is None:
            self._made = _quick(self._text)
        value = self._made(holder, holder.object)
        setattr(holder, self._name, value)
        return value


class CarefulVariables(Variables):
    """The same for an object with unknowns, a patch (`partial`), or one that the quick way has no answer to."""

    partial: ClassVar[bool] = False

    def __init__(self, found: Any) -> None:
        super().__init__(found)
        self._errors: dict[str, EvaluationError] = {}

    def __getattr__(self, name: str) -> Any:
        """Evaluate a variable for one use of it; what it raised, it raises each time."""
        if name in self._errors:
            # Kept ones would grow longer with each raise: the frames of the last are no part of this one.
            raise self._errors[name].with_traceback(None)
        use, _, plain = name.partition("_")
        try:
            value = self._value(Use[use], plain)
        except EvaluationError as error:
            self._errors[name] = error
            raise
        self.__dict__[name] = value
        return value

    def _value(self, use: Use, name: str) -> Any:
        if name in self.texts:
            return _careful(self.texts[name], use, self.partial)(self, self.object)
        value = getattr(type(self), name)
        return value if use is Use.VALUE else known(value)

    def evaluate(self, text: str) -> Any:
        """Return the value of an expression. Raises EvaluationError."""
        return _careful(text, Use.STRICT, self.partial)(self, self.object)


class PatchVariables(CarefulVariables):
    """The same for a patch: what is absent may be there on the server."""

    partial: ClassVar[bool] = True


_Base = TypeVar("_Base", bound=Variables)


def variables(base: type[_Base], texts: Mapping[str, str], given: Mapping[str, Any]) -> type[_Base]:
    """Return the class of the variables in `texts` beside the parameters and facts in `given`."""
    lazy = (
        {} if issubclass(base, CarefulVariables) else {name: _Variable(name, texts[name]) for name in texts}
    )
    return cast("type[_Base]", type(base.__name__, (base,), {**given, **lazy, "texts": dict(texts)}))


def compiles(text: str) -> None:
    """Compile a text both ways. Raises UnsupportedError, and RuntimeError for what is not CEL."""
    _quick(text)
    _careful(text, Use.STRICT, CarefulVariables.partial)


@cache
def _quick(text: str) -> Compiled:
    return _compiled(text, None, _OPERATIONS)


@cache
def _quick_all(texts: tuple[str, ...]) -> tuple[Compiled, ...]:
    return tuple(map(_quick, texts))


@cache
def _careful(text: str, use: Use, partial: bool) -> Compiled:  # noqa: FBT001 - part of the cache's key
    return _compiled(text, use, _CAREFUL[partial])


def _compiled(text: str, use: Use | None, names: dict[str, Any]) -> Compiled:
    code = KEPT.code(f"{use.name if use else ''} {text}", lambda: _source(text, use))
    # The source is written from the pack's own rule files alone: constants go in as Python's repr of them.
    return eval(code, dict(names))  # noqa: S307


def _source(text: str, use: Use | None) -> str:
    from secure_aks_security.cel import translation  # noqa: PLC0415 - the parser takes longer to load than all kept texts

    return translation.source(text, use)
