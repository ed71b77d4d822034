"""Which provider answers for which package."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emulator.cloud import Cloud
    from emulator.providers.base import Provider


def factories(folder: Path) -> dict[str, Callable[[], Provider]]:
    """Return what makes the provider of each package; those of Azure share the cloud kept in `folder`.

    A package that is not here gets a provider that accepts everything, and the run says so.
    """

    @cache
    def cloud() -> Cloud:
        from emulator.cloud import Cloud  # noqa: PLC0415 - only when the program uses it

        return Cloud(folder / "cloud.json")

    def azure() -> Provider:
        from emulator.providers.azure import AzureProvider  # noqa: PLC0415

        return AzureProvider(cloud())

    def entra() -> Provider:
        from emulator.providers.entra import EntraProvider  # noqa: PLC0415

        return EntraProvider(cloud())

    def kubernetes() -> Provider:
        from emulator.providers.kubernetes import KubernetesProvider  # noqa: PLC0415

        return KubernetesProvider()

    def builtin() -> Provider:
        from emulator.providers.base import Provider  # noqa: PLC0415

        return Provider()

    return {"azure-native": azure, "azuread": entra, "kubernetes": kubernetes, "pulumi": builtin}
