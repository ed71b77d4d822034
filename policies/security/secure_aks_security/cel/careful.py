"""CEL as Python source for values that are not known yet, for patches, and for whatever is malformed.

CEL's `||`, `&&`, `all` and `exists` take an error on one side when the other side decides: three-valued logic. So
what would *use* an unknown raises an error; a verdict that comes out all the same is certain. `guards.py` has the
functions that the source calls.
"""

import re
from typing import Any

from secure_aks_security.cel import syntax
from secure_aks_security.cel.macros import macro
from secure_aks_security.cel.quick import called
from secure_aks_security.cel.use import Use


def careful(node: Any, use: Use = Use.STRICT) -> str:
    """Return the source of a node's value. Raises UnsupportedError."""
    return _SOURCES[syntax.kind(node)](node, use)


def _constant(node: Any, _use: Use) -> str:
    return repr(syntax.constant(node))


def _ident(node: Any, use: Use) -> str:
    name = node.ident_expr.name
    if name == "object":
        return "o"
    return f"i_{name}" if use is Use.VALUE else f"known(i_{name})"


def _select(node: Any, use: Use) -> str:
    select = node.select_expr
    if syntax.kind(select.operand) == "ident_expr" and select.operand.ident_expr.name == "variables":
        return f"v.{use.name}_{select.field}"
    arguments = f"({careful(select.operand)}, {select.field!r})"
    if select.test_only:
        return f"{'maybe_present' if use is Use.PRESENCE else 'present'}{arguments}"
    return f"field{arguments}" if use is Use.VALUE else f"known(select{arguments})"


def _call(node: Any, use: Use) -> str:  # noqa: PLR0911 - one for each kind of operator
    call = node.call_expr
    function, args = call.function, list(call.args)
    if function in {"_&&_", "_||_"}:
        inner = use if function == "_&&_" and use is Use.PRESENCE else Use.STRICT
        sides = ", ".join(f"lambda: {careful(arg, inner)}" for arg in args)
        return f"{'both' if function == '_&&_' else 'either'}({sides})"
    if function == "!_":
        return f"(not truth({careful(args[0])}))"
    if function == "_?_:_":
        test = careful(args[0], Use.PRESENCE if use is Use.VALUE else Use.STRICT)
        inner = use if use is Use.VALUE else Use.STRICT
        return f"({careful(args[1], inner)} if truth({test}) else {careful(args[2], inner)})"
    if function in {"_==_", "_!=_"}:
        sides = ", ".join(f"settled({careful(arg)})" for arg in args)
        return f"({'not ' if function == '_!=_' else ''}equal({sides}))"
    if function == "@in":
        return f"maybe_among({careful(args[0])}, {careful(args[1])})"
    if function == "_+_":
        return f"maybe_plus({', '.join(careful(arg, Use.VALUE) for arg in args)})"
    if call.HasField("target"):
        args.insert(0, call.target)
    inner = use if function == "dyn" and use is Use.VALUE else Use.STRICT
    found = called(function, [careful(arg, inner) for arg in args])
    return f"known({found})" if function == "_[_]" else found


def _list(node: Any, _use: Use) -> str:
    return f"[{', '.join(map(careful, node.list_expr.elements))}]"


def _map(node: Any, _use: Use) -> str:
    entries = node.struct_expr.entries
    return (
        "{"
        + ", ".join(f"{careful(entry.map_key)}: {careful(entry.value, Use.VALUE)}" for entry in entries)
        + "}"
    )


def _comprehension(node: Any, use: Use) -> str:
    found = macro(node)
    if found.name != "list":
        test = careful(found.test)
        asked = f"sequence(each({careful(found.items)})), lambda i_{found.item}: {test}"
        return f"{found.name}_of({asked}, {_fields_read(test, found.item)!r})"
    test = "True" if found.test is None else f"truth({careful(found.test)})"
    if use is Use.VALUE:
        item = f"lambda i_{found.item}:"
        return f"made_of({careful(found.items, use)}, {item} {test}, {item} {careful(found.result)})"
    kept = "" if found.test is None else f" if {test}"
    return f"[{careful(found.result)} for i_{found.item} in sequence(each({careful(found.items)})){kept}]"


def _fields_read(source: str, item: str) -> tuple[str, ...] | None:
    """Return the fields of an item on which a source's value hangs; None where it may hang on all of the item."""
    fields = re.findall(
        rf"\b(?:select|field|present|maybe_present)\((?:known\()?i_{item}\)?, '(\w+)'\)", source
    )
    return tuple(sorted(set(fields))) if len(fields) == len(re.findall(rf"\bi_{item}\b", source)) else None


_SOURCES = {
    "const_expr": _constant,
    "ident_expr": _ident,
    "select_expr": _select,
    "call_expr": _call,
    "list_expr": _list,
    "struct_expr": _map,
    "comprehension_expr": _comprehension,
}
