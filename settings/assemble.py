"""Plain values into models, section by section, so that one bad section hides nothing of the others."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from settings.problem import Problem
from settings.stack import StackSettings


def assemble(sections: Mapping[str, Any], location: Any) -> tuple[StackSettings | None, list[Problem]]:
    """Return the settings and what is wrong."""
    try:
        return StackSettings.model_validate({**sections, "location": location}, by_name=False, by_alias=True), []
    except ValidationError as error:
        return None, [
            Problem("secure-aks:" + ".".join(map(str, e["loc"])), e["msg"], "see docs/settings.md") for e in error.errors()
        ]
