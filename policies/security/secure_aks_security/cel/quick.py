"""CEL as Python source for an object whose every value is known.

Where Python's own operator says what CEL says, it stands there as it is. Anything that has no value raises; what CEL
says then, whose `||` and `&&` take an error on one side when the other decides, `careful.py` works out.
"""

from typing import Any

from secure_aks_security.cel import syntax
from secure_aks_security.cel.macros import Macro, UnsupportedError, macro
from secure_aks_security.cel.operations import FUNCTIONS

_COMPARISONS = {
    "_<_": "less({0}, {1})",
    "_>_": "less({1}, {0})",
    "_<=_": "(not less({1}, {0}))",
    "_>=_": "(not less({0}, {1}))",
}
_BOOLEAN = {
    *("_&&_", "_||_", "!_", "_==_", "_!=_", "@in", "contains", "startsWith", "endsWith", "matches"),
    *_COMPARISONS,
}


def quick(node: Any) -> str:
    """Return the source of a node's value. Raises UnsupportedError."""
    return _SOURCES[syntax.kind(node)](node)


def condition(node: Any) -> str:
    """Return the source of a value that must be a boolean."""
    return quick(node) if _is_boolean(node) else f"truth({quick(node)})"


def _is_boolean(node: Any) -> bool:
    kind = syntax.kind(node)
    if kind == "call_expr":
        return node.call_expr.function in _BOOLEAN
    if kind == "const_expr":
        return isinstance(syntax.constant(node), bool)
    if kind == "select_expr":
        return node.select_expr.test_only
    return kind == "comprehension_expr" and macro(node).name != "list"


def _constant(node: Any) -> str:
    return repr(syntax.constant(node))


def _ident(node: Any) -> str:
    name = node.ident_expr.name
    return "o" if name == "object" else f"i_{name}"


def _select(node: Any) -> str:
    select = node.select_expr
    if syntax.kind(select.operand) == "ident_expr" and select.operand.ident_expr.name == "variables":
        return f"v.{select.field}"
    holder = quick(select.operand)
    # A dict has `get`, nothing else that a property can be; and no property is null.
    return (
        f"({holder}.get({select.field!r}) is not None)" if select.test_only else f"{holder}[{select.field!r}]"
    )


def _call(node: Any) -> str:  # noqa: PLR0911 - one for each kind of operator
    call = node.call_expr
    function, args = call.function, list(call.args)
    if function in {"_&&_", "_||_"}:
        return f"({condition(args[0])} {'and' if function == '_&&_' else 'or'} {condition(args[1])})"
    if function == "!_":
        return f"(not {condition(args[0])})"
    if function == "_?_:_":
        return f"({quick(args[1])} if {condition(args[0])} else {quick(args[2])})"
    if function in {"_==_", "_!=_"}:
        return _equality(args, negated=function == "_!=_")
    if function == "@in":
        literal = syntax.kind(args[1]) == "list_expr" and all(map(_is_text, args[1].list_expr.elements))
        return (
            f"({quick(args[0])} in {quick(args[1])})"
            if literal
            else f"among({quick(args[0])}, {quick(args[1])})"
        )
    if function == "_+_" and any(map(_is_text, terms := _terms(node))):
        return f"joined({', '.join(map(quick, terms))})"
    if call.HasField("target"):
        args.insert(0, call.target)
    return called(function, [quick(arg) for arg in args])


def _terms(node: Any) -> list[Any]:
    """Return what a sum adds up, or a node itself that is none."""
    if syntax.kind(node) != "call_expr" or node.call_expr.function != "_+_":
        return [node]
    return [term for side in node.call_expr.args for term in _terms(side)]


def called(function: str, args: list[str]) -> str:
    """Return the source of a function's call over the sources of its arguments. Raises UnsupportedError."""
    if function in _COMPARISONS:
        return _COMPARISONS[function].format(*args)
    if function == "dyn":
        return args[0]
    if function == "_[_]":
        return f"index({', '.join(args)})"
    if function == "_+_":
        return f"plus({', '.join(args)})"
    if function not in FUNCTIONS:
        raise UnsupportedError(f"the function {function}")
    return f"f_{function}({', '.join(args)})"


def _is_text(node: Any) -> bool:
    return syntax.kind(node) == "const_expr" and isinstance(syntax.constant(node), str)


def _equality(args: list[Any], *, negated: bool) -> str:
    sides = [quick(arg) for arg in args]
    if any(map(_is_text, args)):
        return f"({sides[0]} {'!=' if negated else '=='} {sides[1]})"
    return f"({'not ' if negated else ''}equal({', '.join(sides)}))"


def _list(node: Any) -> str:
    return f"[{', '.join(map(quick, node.list_expr.elements))}]"


def _map(node: Any) -> str:
    entries = node.struct_expr.entries
    return "{" + ", ".join(f"{quick(entry.map_key)}: {quick(entry.value)}" for entry in entries) + "}"


def _comprehension(node: Any) -> str:
    found = _filtered(macro(node))
    loop = f"for i_{found.item} in sequence({quick(found.items)})"
    if found.name == "list":
        test = "" if found.test is None else f" if {condition(found.test)}"
        return f"[{quick(found.result)} {loop}{test}]"
    return f"{'all' if found.name == 'all' else 'any'}({condition(found.test)} {loop})"


def _filtered(found: Macro) -> Macro:
    """Return a map of what a filter keeps, both by one name for the item, as one macro; any other as it is."""
    if found.name != "list" or found.test is not None or syntax.kind(found.items) != "comprehension_expr":
        return found
    inner = macro(found.items)
    keeps = inner.name == "list" and inner.result.ident_expr.name == inner.item == found.item
    return found._replace(items=inner.items, test=inner.test) if keeps else found


_SOURCES = {
    "const_expr": _constant,
    "ident_expr": _ident,
    "select_expr": _select,
    "call_expr": _call,
    "list_expr": _list,
    "struct_expr": _map,
    "comprehension_expr": _comprehension,
}
