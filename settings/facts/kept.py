"""What Azure sets once for a resource and this program would set otherwise; `adopted` may name nothing else."""

from collections.abc import Mapping

from settings.facts.azure_api import Resource
from settings.facts.data_files import read


def kept_for_life(resource: Resource) -> Mapping[str, str]:
    """Return the reasons by dotted path, as the REST API names it; none for a network, which is made here or not at all."""
    return read("kept").get(resource, {})
