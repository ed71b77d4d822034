"""Tags that Azure Policy sets on what the stack makes."""

from collections.abc import Sequence

import pulumi


def leave_tags(names: Sequence[str]) -> None:
    """Leave tags of these names as Azure has them, on every Azure resource that the program registers from now on.

    A refresh takes over into the state what a policy has added; without this the next `up` would take it off again, and
    the policy would put it back, for ever.
    """
    if not names:
        return
    kept = pulumi.ResourceOptions(ignore_changes=[f'tags["{name}"]' for name in names])

    def keep(one: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not one.type_.startswith("azure-native:") or not one.props.get("tags"):
            return None
        return pulumi.ResourceTransformationResult(one.props, pulumi.ResourceOptions.merge(one.opts, kept))

    pulumi.runtime.register_stack_transformation(keep)
