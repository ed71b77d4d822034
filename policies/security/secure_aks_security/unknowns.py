"""CEL over values that are not known yet.

CEL's `||`, `&&`, `all` and `exists` already take an error on one side when the other side decides: three-valued
logic. So an expression is rewritten to raise an error wherever it would *use* an unknown; a verdict that comes
out all the same is certain. Only resources that hold an unknown, and Patch resources, take this slower way.
"""

from collections.abc import Callable
from typing import Any

from cel_expr_python import cel

from secure_aks_security import syntax
from secure_aks_security.values import UNKNOWN, holds_unknown, is_unknown


class UnknownUsedError(Exception):
    """An expression needs a value that is not known yet; the message is the value's stand-in."""


def careful_environment(*, partial: bool) -> cel.Env:
    """Return a CEL environment with the functions that `careful` puts into an expression.

    `partial`: the object is a Patch, so a field that is absent may be there on the server.
    """

    def known(items: list[Any]) -> Any:
        if is_unknown(items[0]):
            raise UnknownUsedError(_path(items[0]))
        return items[0]

    def settled(items: list[Any]) -> Any:
        if holds_unknown(items[0]):
            raise UnknownUsedError(_path(items[0]))
        return items[0]

    def present(items: list[Any]) -> bool:
        holder, name = items
        if name in holder:
            return bool(known([holder[name]]) is not None)
        if partial:
            raise UnknownUsedError(UNKNOWN + name)
        return False

    def maybe_present(items: list[Any]) -> bool:
        holder, name = items
        return partial or name in holder

    def field(items: list[Any]) -> Any:
        holder, name = items
        return holder.get(name, UNKNOWN + name) if partial else holder[name]

    def among(items: list[Any]) -> bool:
        item, holder = items
        if item in holder:
            return True
        settled([holder])
        return False

    def plus(items: list[Any]) -> Any:
        left, right = items
        if isinstance(left, list) or isinstance(right, list):
            return _as_list(left) + _as_list(right)
        return known([left]) + known([right])

    functions = [known, settled, present, maybe_present, field, among, plus]
    return cel.NewEnv(
        variables={"object": cel.Type.DYN},
        functions=[_declaration(function) for function in functions],
    )


def careful(environment: cel.Env, text: str) -> cel.Expression:
    """Return `text` compiled so that using an unknown is an error."""
    plain = environment.compile(text, disable_check=True)
    parsed, envelope = syntax.parse(plain.serialize())
    parsed.expr.CopyFrom(_rewrite(parsed.expr, frozenset()))
    _number(parsed.expr, 1)
    return environment.deserialize(syntax.serialize(parsed, envelope))


def _declaration(function: Callable[[list[Any]], Any]) -> cel.FunctionDecl:
    overload = cel.Overload(
        f"{function.__name__}_list",
        return_type=cel.Type.DYN,
        parameters=[cel.Type.List(cel.Type.DYN)],
        impl=function,
    )
    return cel.FunctionDecl(function.__name__, [overload])


def _path(value: Any) -> str:
    """Return the first unknown inside `value`: its mark and its path."""
    if isinstance(value, str):
        return value
    items = value.values() if isinstance(value, dict) else value
    return next(_path(item) for item in items if holds_unknown(item))


def _as_list(value: Any) -> list[Any]:
    """Return a list; one that is not known counts as a list with one unknown item."""
    return value if isinstance(value, list) else [value]


def _rewrite(node: Any, items: frozenset[str], *, lenient: bool = False) -> Any:
    """Return the node with its uses guarded.

    `items` are the names bound by macros to elements of lists. `lenient`: an unknown may pass through here
    as it is, because what takes it (`plus`) can handle it.
    """
    return _REWRITES.get(syntax.kind(node), _unchanged)(node, items, lenient)


def _unchanged(node: Any, _items: frozenset[str], _lenient: bool) -> Any:
    return node


def _ident(node: Any, items: frozenset[str], lenient: bool) -> Any:
    return syntax.call("known", node) if node.ident_expr.name in items and not lenient else node


def _select(node: Any, items: frozenset[str], lenient: bool) -> Any:
    operand, name = _rewrite(node.select_expr.operand, items), syntax.string(node.select_expr.field)
    if node.select_expr.test_only:
        return syntax.call("maybe_present" if lenient else "present", operand, name)
    if lenient:
        return syntax.call("field", operand, name)
    node.select_expr.operand.CopyFrom(operand)
    return syntax.call("known", node)


def _call(node: Any, items: frozenset[str], lenient: bool) -> Any:
    call = node.call_expr
    if call.function == "_+_":
        return syntax.call("plus", *(_rewrite(arg, items, lenient=True) for arg in call.args))
    through = lenient and call.function in {"_?_:_", "_&&_"}
    args = [_rewrite(arg, items, lenient=through) for arg in call.args]
    if call.function == "@in":
        return syntax.call("among", *args)
    if call.function in {"_==_", "_!=_"}:
        args = [syntax.call("settled", arg) for arg in args]
    del call.args[:]
    call.args.extend(args)
    if call.HasField("target"):
        call.target.CopyFrom(_rewrite(call.target, items))
    return syntax.call("known", node) if call.function == "_[_]" else node


def _list(node: Any, items: frozenset[str], _lenient: bool) -> Any:
    elements = [_rewrite(element, items) for element in node.list_expr.elements]
    del node.list_expr.elements[:]
    node.list_expr.elements.extend(elements)
    return node


def _comprehension(node: Any, items: frozenset[str], _lenient: bool) -> Any:
    loop = node.comprehension_expr
    loop.iter_range.CopyFrom(_rewrite(loop.iter_range, items))
    inner = items | {loop.iter_var}
    for part in (loop.accu_init, loop.loop_condition, loop.loop_step, loop.result):
        part.CopyFrom(_rewrite(part, inner))
    return node


_REWRITES: dict[str, Callable[[Any, frozenset[str], bool], Any]] = {
    "ident_expr": _ident,
    "select_expr": _select,
    "call_expr": _call,
    "list_expr": _list,
    "comprehension_expr": _comprehension,
}


def _number(node: Any, number: int) -> int:
    """Give every node an id of its own, as the runtime expects; return the next free one."""
    node.id = number
    number += 1
    for child in _children(node):
        number = _number(child, number)
    return number


def _children(node: Any) -> list[Any]:
    name = syntax.kind(node)
    part = getattr(node, name) if name else None
    match name:
        case "select_expr":
            return [part.operand]
        case "call_expr":
            return [*([part.target] if part.HasField("target") else []), *part.args]
        case "list_expr":
            return list(part.elements)
        case "struct_expr":
            return [child for entry in part.entries for child in (entry.map_key, entry.value)]
        case "comprehension_expr":
            return [part.iter_range, part.accu_init, part.loop_condition, part.loop_step, part.result]
        case _:
            return []
