"""URNs: `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`."""

from __future__ import annotations

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_PREFIX = "pulumi:providers:"


def make_urn(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """Return a resource's URN; the types of its parents are part of it, the stack's own is not."""
    if parent:
        parents = qualified_type(parent)
        if parents != STACK_TYPE:
            type_ = f"{parents}${type_}"
    return f"urn:pulumi:{stack}::{project}::{type_}::{name}"


def qualified_type(urn: str) -> str:
    """Return the chain of types in a URN."""
    return urn.split("::", 3)[2]


def type_of(urn: str) -> str:
    """Return a resource's own type."""
    return qualified_type(urn).rsplit("$", 1)[-1]


def name_of(urn: str) -> str:
    """Return a resource's logical name."""
    return urn.split("::", 3)[3]


def package_of(type_: str) -> str:
    """Return the package of a type token: "azure-native:network:Subnet" -> "azure-native"."""
    if type_.startswith(PROVIDER_PREFIX):
        return type_.removeprefix(PROVIDER_PREFIX)
    return type_.split(":", 1)[0]


def default_stack_urn(stack: str, project: str) -> str:
    """Return the URN of a stack's root resource."""
    return make_urn(stack, project, "", STACK_TYPE, f"{project}-{stack}")
