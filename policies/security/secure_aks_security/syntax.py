"""The abstract syntax tree of a CEL expression, as the runtime serializes it (cel.expr.ParsedExpr).

Only the fields this pack reads or writes are declared; the others are kept as they came. Field numbers are
those of cel/expr/syntax.proto in the CEL specification.
"""

from typing import Any

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory

_STRING, _BOOL, _INT64, _MESSAGE = (
    descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
    descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
    descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE,
)
_KIND = "expr_kind"
_TYPES = {"string": _STRING, "bool": _BOOL, "int64": _INT64}

_MESSAGES = {
    "ParsedExpr": [("expr", 2, "Expr")],
    "Expr": [
        ("id", 2, "int64"),
        ("const_expr", 3, "Constant"),
        ("ident_expr", 4, "Ident"),
        ("select_expr", 5, "Select"),
        ("call_expr", 6, "Call"),
        ("list_expr", 7, "CreateList"),
        ("struct_expr", 8, "CreateStruct"),
        ("comprehension_expr", 9, "Comprehension"),
    ],
    "Constant": [("string_value", 6, "string")],
    "Ident": [("name", 1, "string")],
    "Select": [("operand", 1, "Expr"), ("field", 2, "string"), ("test_only", 3, "bool")],
    "Call": [("target", 1, "Expr"), ("function", 2, "string"), ("args", 3, "Expr*")],
    "CreateList": [("elements", 1, "Expr*")],
    "CreateStruct": [("entries", 2, "Entry*")],
    "Entry": [("map_key", 3, "Expr"), ("value", 4, "Expr")],
    "Comprehension": [
        ("iter_var", 1, "string"),
        ("iter_range", 2, "Expr"),
        ("accu_var", 3, "string"),
        ("accu_init", 4, "Expr"),
        ("loop_condition", 5, "Expr"),
        ("loop_step", 6, "Expr"),
        ("result", 7, "Expr"),
    ],
}


def _classes() -> dict[str, Any]:
    # proto2 keeps an empty string constant, which proto3 would leave out.
    file = descriptor_pb2.FileDescriptorProto(
        name="cel/expr/syntax.proto", package="cel.expr", syntax="proto2"
    )
    for message_name, fields in _MESSAGES.items():
        message = file.message_type.add(name=message_name)
        for name, number, kind in fields:
            plain = kind.removesuffix("*")
            label = 3 if kind.endswith("*") else 1
            field = message.field.add(name=name, number=number, label=label, type=_TYPES.get(plain, _MESSAGE))
            if plain not in _TYPES:
                field.type_name = f".cel.expr.{plain}"
            if name.endswith("_expr"):
                field.oneof_index = 0
        if message_name == "Expr":
            message.oneof_decl.add(name=_KIND)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"cel.expr.{name}"))
        for name in _MESSAGES
    }


_CLASSES = _classes()
Expr: Any = _CLASSES["Expr"]
"""The message class of one node. Exactly one of its `*_expr` fields is set; `kind` says which."""


def parse(serialized: bytes) -> tuple[Any, any_pb2.Any]:
    """Return the ParsedExpr in what `Expression.serialize()` gave, and the envelope to put it back in."""
    envelope = any_pb2.Any.FromString(serialized)
    return _CLASSES["ParsedExpr"].FromString(envelope.value), envelope


def serialize(parsed: Any, envelope: any_pb2.Any) -> bytes:
    """Return the bytes for `Env.deserialize()`."""
    envelope.value = parsed.SerializeToString()
    return envelope.SerializeToString()


def kind(node: Any) -> str:
    """Return the name of the node's set field, such as "select_expr"."""
    return node.WhichOneof(_KIND) or ""


def string(text: str) -> Any:
    """Return a string constant."""
    node = Expr()
    node.const_expr.string_value = text
    return node


def call(function: str, *items: Any) -> Any:
    """Return `function([items...])`: the runtime hands custom functions one list, of any types."""
    node = Expr()
    node.call_expr.function = function
    node.call_expr.args.add().list_expr.elements.extend(items)
    return node
