"""The rules about the stack as a whole, one class a file, run when the engine has seen every resource."""

from secure_aks_security.stack.base import Report, Stack, StackPolicy, StackRule
from secure_aks_security.stack.clock_overridden import ClockOverridden
from secure_aks_security.stack.exemption_expired import ExemptionExpired
from secure_aks_security.stack.exemption_unused import ExemptionUnused
from secure_aks_security.stack.pack_configuration import PackConfiguration
from secure_aks_security.stack.unknown_verdicts import UnknownVerdicts

STACK_RULES: tuple[type[StackRule], ...] = (
    ClockOverridden,
    ExemptionExpired,
    ExemptionUnused,
    PackConfiguration,
    UnknownVerdicts,
)

__all__ = ["STACK_RULES", "Report", "Stack", "StackPolicy", "StackRule"]
