"""CEL's macros, read back from the loops the parser makes of them."""

from typing import Any, NamedTuple

from secure_aks_security.cel import syntax


class UnsupportedError(ValueError):
    """A piece of CEL that this pack does not evaluate; no rule file may use it."""


class Macro(NamedTuple):
    """A macro over `items`, each bound to `item`: `all` and `exists` ask `test`.

    `map` and `filter` (both are "list") keep those for which `test` holds, None for all, as `result`.
    """

    name: str
    item: str
    items: Any
    test: Any = None
    result: Any = None


def macro(node: Any) -> Macro:
    """Return the macro a comprehension came from. Raises UnsupportedError."""
    loop = node.comprehension_expr
    start, step = loop.accu_init, loop.loop_step
    if syntax.kind(start) == "list_expr":
        return _list(loop, step)
    if syntax.kind(start) == "const_expr" and syntax.constant(start) in {True, False}:
        name = "all" if syntax.constant(start) is True else "exists"
        if syntax.kind(step) == "call_expr" and step.call_expr.function in {"_&&_", "_||_"}:
            return Macro(name, loop.iter_var, loop.iter_range, test=step.call_expr.args[1])
    raise UnsupportedError("a macro other than all, exists, map and filter")


def _list(loop: Any, step: Any) -> Macro:
    test = None
    if step.call_expr.function == "_?_:_":
        test, step = step.call_expr.args[0], step.call_expr.args[1]
    [result] = step.call_expr.args[1].list_expr.elements
    return Macro("list", loop.iter_var, loop.iter_range, test=test, result=result)
