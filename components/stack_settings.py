"""The settings of the running program's stack."""

import pulumi

from settings import SettingsError, StackSettings, load


def stack_settings() -> StackSettings:
    """Return the settings; RunError, which the engine shows without a traceback, lists what is wrong with them."""
    try:
        return load()
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from None
