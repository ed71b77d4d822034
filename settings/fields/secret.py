"""Values that only the stack's key can read."""

SECRET = "[secret]"  # noqa: S105  # what stands for an encrypted value, not a secret
"""What an encrypted value reads as without the stack's key."""
