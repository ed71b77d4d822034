"""What the machines of a pool have beside what every pool here has, in Azure's words."""

from typing import Any

from settings.azure_words import sent
from settings.sections.pools import Pool


def machine_features(pool: Pool) -> dict[str, Any]:
    """Return the properties that a pool's optional sections say, under the REST API's names; nothing for nothing."""
    properties = sent(pool)
    if "swapFileSizeMB" in properties.get("linuxOSConfig", {}):
        # The kubelet starts on a node with swap only where it is told to.
        properties.setdefault("kubeletConfig", {})["failSwapOn"] = False
    return properties
