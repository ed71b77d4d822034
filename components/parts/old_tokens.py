"""Leave out the names that azure-native's types had in older releases."""

import pulumi


def leave_out_old_tokens() -> None:
    """Have what the program registers from now on go without aliases for older tokens of its type.

    The SDK gives a resource an alias for each API version that its type was ever named by (a cluster has 113, a pool
    110), and inheriting, writing and waiting for them is two fifths of a preview. No state can hold one of those URNs:
    this program has named its types without a version from its first release on. Aliases that the program itself gives
    stay.
    """
    pulumi.runtime.register_stack_transformation(_leave_out)


def _leave_out(one: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    aliases = one.opts.aliases
    if not aliases or not one.type_.startswith("azure-native:"):
        return None
    one.opts.aliases = [alias for alias in aliases if not _is_old_token(alias, one.type_)]
    return pulumi.ResourceTransformationResult(one.props, one.opts)


def _is_old_token(alias: object, token: str) -> bool:
    """Whether an alias is another token of the type alone: same name, same parent."""
    return isinstance(alias, pulumi.Alias) and isinstance(alias.type_, str) and alias.type_ != token
