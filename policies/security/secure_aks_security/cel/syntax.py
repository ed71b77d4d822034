"""The abstract syntax tree of a CEL expression, as Google's parser serializes it (cel.expr.ParsedExpr).

Only the fields this pack reads are declared. Field numbers are those of cel/expr/syntax.proto in the CEL specification.
"""

from functools import cache
from typing import Any

from cel_expr_python import cel  # pyright: ignore[reportMissingTypeStubs] - the package has stubs for its modules alone
from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory

_KIND = "expr_kind"
_CONSTANT = "constant_kind"
_TYPES = {
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "int64": descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
    "double": descriptor_pb2.FieldDescriptorProto.TYPE_DOUBLE,
    "enum": descriptor_pb2.FieldDescriptorProto.TYPE_INT32,  # on the wire the same
}

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
    "Constant": [
        ("null_value", 1, "enum"),
        ("bool_value", 2, "bool"),
        ("int64_value", 3, "int64"),
        ("double_value", 5, "double"),
        ("string_value", 6, "string"),
    ],
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
_ONE_OF = {"Expr": (_KIND, "_expr"), "Constant": (_CONSTANT, "_value")}


def _classes() -> dict[str, Any]:
    # proto2 keeps an empty string constant, which proto3 would leave out.
    file = descriptor_pb2.FileDescriptorProto(
        name="cel/expr/syntax.proto", package="cel.expr", syntax="proto2"
    )
    for message_name, fields in _MESSAGES.items():
        message = file.message_type.add(name=message_name)
        one_of, ending = _ONE_OF.get(message_name, ("", "-"))
        for name, number, kind in fields:
            plain = kind.removesuffix("*")
            label = 3 if kind.endswith("*") else 1
            default = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
            field = message.field.add(name=name, number=number, label=label, type=_TYPES.get(plain, default))
            if plain not in _TYPES:
                field.type_name = f".cel.expr.{plain}"
            if name.endswith(ending):
                field.oneof_index = 0
        if one_of:
            message.oneof_decl.add(name=one_of)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"cel.expr.{name}"))
        for name in _MESSAGES
    }


_CLASSES = _classes()


def parse(text: str) -> Any:
    """Return the root of an expression's tree: exactly one of its `*_expr` fields is set; `kind` says which.

    Raises RuntimeError for a text that is not CEL.
    """
    envelope = any_pb2.Any.FromString(_environment().compile(text, disable_check=True).serialize())
    return _CLASSES["ParsedExpr"].FromString(envelope.value).expr


def kind(node: Any) -> str:
    """Return the name of the node's set field, such as "select_expr"."""
    return node.WhichOneof(_KIND) or ""


def constant(node: Any) -> Any:
    """Return the value of a constant."""
    name = node.const_expr.WhichOneof(_CONSTANT)
    return None if name in {None, "null_value"} else getattr(node.const_expr, name)


@cache
def _environment() -> cel.Env:
    return cel.NewEnv(variables={"object": cel.Type.DYN, "variables": cel.Type.DYN})
