"""The emulator's Azure: azure-native's resources on a cloud in a file, with AKS's documented refusals."""

from emulator.providers.azure.errors import ArmError
from emulator.providers.azure.provider import AzureProvider

__all__ = ["ArmError", "AzureProvider"]
