"""The settings of the running program's stack."""

import pulumi

from components.policy_tags import leave_tags
from settings import SettingsError, StackSettings, load
from settings.switched_off import switched_off


def stack_settings() -> StackSettings:
    """Return the settings; RunError, which the engine shows without a traceback, lists what is wrong with them.

    What they switch off of the policy packs is a warning of every preview and `up`; tags that they leave to Azure Policy are
    left alone from here on.
    """
    try:
        settings = load()
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from None
    leave_tags(settings.policy_tags)
    for part in switched_off(settings.policies):
        pulumi.log.warn(str(part))
    return settings
