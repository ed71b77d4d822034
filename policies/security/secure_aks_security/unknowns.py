"""CEL over values that are not known yet.

CEL's `||`, `&&`, `all` and `exists` already take an error on one side when the other side decides: three-valued
logic. So an expression is rewritten to raise an error wherever it would *use* an unknown; a verdict that comes
out all the same is certain. Only resources that hold an unknown, and Patch resources, take this slower way.
"""

from collections.abc import Callable, Iterator
from enum import Enum, auto
from itertools import chain, repeat
from typing import Any

from cel_expr_python import cel  # pyright: ignore[reportMissingTypeStubs] - the package has stubs for its modules alone

from secure_aks_security import syntax
from secure_aks_security.guards import guards


def careful_environment(variables: dict[str, cel.Type], *, partial: bool) -> cel.Env:
    """Return a CEL environment with the functions that `careful` puts into an expression.

    `partial`: the object is a Patch, so a field that is absent may be there on the server.
    """
    return cel.NewEnv(
        variables=variables,
        functions=[_declaration(name, function) for name, function in guards(partial=partial).items()],
    )


def careful(environment: cel.Env, text: str) -> cel.Expression:
    """Return `text` compiled so that using an unknown is an error."""
    plain = environment.compile(text, disable_check=True)
    parsed, envelope = syntax.parse(plain.serialize())
    parsed.expr.CopyFrom(_rewrite(parsed.expr, frozenset()))
    return environment.deserialize(syntax.serialize(parsed, envelope))


def _declaration(name: str, function: Callable[[list[Any]], Any]) -> cel.FunctionDecl:
    overload = cel.Overload(
        f"{name}_list",
        return_type=cel.Type.DYN,
        parameters=[cel.Type.List(cel.Type.DYN)],
        impl=function,
    )
    return cel.FunctionDecl(name, [overload])


class _Use(Enum):
    """What becomes of a node's value: which unknowns may pass through it."""

    STRICT = auto()
    """It is used here: an unknown is an error."""
    VALUE = auto()
    """It goes to `plus` or into a map as it is."""
    PRESENCE = auto()
    """It decides whether a VALUE is there: what is unknown counts as there."""


def _rewrite(node: Any, items: frozenset[str], use: _Use = _Use.STRICT) -> Any:
    """Return the node with its uses guarded; `items` are the names that macros bind to elements."""
    return _REWRITES.get(syntax.kind(node), _unchanged)(node, items, use)


def _unchanged(node: Any, _items: frozenset[str], _use: _Use) -> Any:
    return node


def _ident(node: Any, items: frozenset[str], use: _Use) -> Any:
    return syntax.call("known", node) if node.ident_expr.name in items and use is not _Use.VALUE else node


def _select(node: Any, items: frozenset[str], use: _Use) -> Any:
    operand, name = _rewrite(node.select_expr.operand, items), syntax.string(node.select_expr.field)
    if node.select_expr.test_only:
        return syntax.call("maybe_present" if use is _Use.PRESENCE else "present", operand, name)
    if use is _Use.VALUE:
        return syntax.call("field", operand, name)
    node.select_expr.operand.CopyFrom(operand)
    return syntax.call("known", node)


def _call(node: Any, items: frozenset[str], use: _Use) -> Any:
    call = node.call_expr
    uses = _argument_uses(call.function, use)
    args = [_rewrite(arg, items, next(uses)) for arg in call.args]
    if call.function in _GUARDED:
        return syntax.call(_GUARDED[call.function], *args)
    if call.function in {"_==_", "_!=_"}:
        args = [syntax.call("settled", arg) for arg in args]
    del call.args[:]
    call.args.extend(args)
    if call.HasField("target"):
        call.target.CopyFrom(_rewrite(call.target, items))
    return syntax.call("known", node) if call.function == "_[_]" else node


_GUARDED = {"_+_": "plus", "@in": "among"}


def _argument_uses(function: str, use: _Use) -> Iterator[_Use]:
    if function == "_+_" or (function == "dyn" and use is _Use.VALUE):
        return repeat(_Use.VALUE)
    if function == "_?_:_" and use is _Use.VALUE:
        return chain([_Use.PRESENCE], repeat(_Use.VALUE))
    if function == "_&&_" and use is _Use.PRESENCE:
        return repeat(_Use.PRESENCE)
    return repeat(_Use.STRICT)


def _list(node: Any, items: frozenset[str], _use: _Use) -> Any:
    elements = [_rewrite(element, items) for element in node.list_expr.elements]
    del node.list_expr.elements[:]
    node.list_expr.elements.extend(elements)
    return node


def _map(node: Any, items: frozenset[str], _use: _Use) -> Any:
    for entry in node.struct_expr.entries:
        entry.value.CopyFrom(_rewrite(entry.value, items, _Use.VALUE))
    return node


def _comprehension(node: Any, items: frozenset[str], _use: _Use) -> Any:
    loop = node.comprehension_expr
    loop.iter_range.CopyFrom(syntax.call("each", _rewrite(loop.iter_range, items)))
    inner = items | {loop.iter_var}
    for part in (loop.accu_init, loop.loop_condition, loop.loop_step, loop.result):
        part.CopyFrom(_rewrite(part, inner))
    return node


_REWRITES: dict[str, Callable[[Any, frozenset[str], _Use], Any]] = {
    "ident_expr": _ident,
    "select_expr": _select,
    "call_expr": _call,
    "list_expr": _list,
    "struct_expr": _map,
    "comprehension_expr": _comprehension,
}
