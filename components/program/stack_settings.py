"""The settings of the running program's stack."""

import pulumi

from settings import SettingsError, StackSettings, load
from settings.not_ours import not_ours
from settings.switched_off import other_environment, switched_off

from .contacts import check_contacts
from .judged import UNJUDGED, names_packs
from .policy_tags import leave_tags


def stack_settings() -> StackSettings:
    """Return the settings; RunError, which the engine shows without a traceback, lists what is wrong with them.

    What they switch off of the policy packs is a warning of every preview and `up`, and so are an environment other than
    the stack's name promises and a run without packs;
    what they add of Azure's own properties is told there too, and so is who gets no alert. Tags that they leave to Azure Policy are left alone from
    here on.
    """
    try:
        settings = load()
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from None
    leave_tags(settings.policy_tags)
    if names_packs() is False:
        pulumi.log.warn(UNJUDGED)
    for part in (
        *switched_off(settings.policies),
        *other_environment(settings.exemptions, settings.environment),
    ):
        pulumi.log.warn(str(part))
    for cluster in (settings, *settings.further.values()):
        for line in not_ours(cluster):
            pulumi.log.info(cluster.told(line))
        check_contacts(cluster)
    return settings
