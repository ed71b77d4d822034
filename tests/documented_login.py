"""Somebody who has the rights that docs/first-cluster.md names for a subscription of one's own, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure import ids
from tests.first_cluster import permissions, rights

if TYPE_CHECKING:
    from tests.lab_stack import LabStack

SUBSCRIPTION = f"/subscriptions/{ids.SUBSCRIPTION}"


def sign_in_with_the_documented_roles(stack: LabStack) -> None:
    """Have a stack's operations run as this identity, which is the one member of its deployers too."""
    roles = [right.role for right in rights() if right.where.startswith("the subscription")]
    who = stack.sign_in("documented", {SUBSCRIPTION: roles}, permissions())
    file = stack.folder / f"Pulumi.{stack.name}.yaml"
    text = file.read_text("utf-8")
    assert ids.PRINCIPAL in text
    file.write_text(text.replace(ids.PRINCIPAL, who), "utf-8")
