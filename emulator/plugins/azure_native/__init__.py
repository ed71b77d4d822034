"""The emulator's Azure: azure-native's resources on a cloud in a file, with AKS's documented refusals."""

from emulator.azure.errors import ArmError
from emulator.plugins.azure_native.provider import AzureProvider

__all__ = ["ArmError", "AzureProvider"]
