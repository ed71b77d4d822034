"""The way out: properties of Azure's own that this project has no setting for."""

from typing import Annotated, Any

from settings.fields.base import Words

Extra = Annotated[
    dict[str, Any], Words("a mapping of Azure's own properties, named as its REST API names them")
]
"""Laid beside what is set here: mappings key by key, all else whole; what is ours is refused (settings/checks/extra)."""

Adopted = Annotated[
    dict[str, Any],
    Words("a mapping of properties that Azure keeps for life, named as its REST API names them"),
]
"""Laid over what is set here, so that a cluster that was made elsewhere stays; empty: not sent at all (settings/checks/extra/kept)."""
