"""Who may do what in the cluster: the role presets and the declared access as data, made from the settings alone."""

from components.access.roles import role_rules
from components.access.rule import Rule
from components.access.table import AccessRow, access_data, access_table

__all__ = ["AccessRow", "Rule", "access_data", "access_table", "role_rules"]
