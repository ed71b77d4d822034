"""Which property of Azure's says a setting: stands among the annotations of the setting's field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Azure:
    """A property by its dotted path in the REST API, for the resource that the section is of (cluster or pool).

    `form` writes the value into a text, such as `{}s`; `values` has Azure's value for the setting's; `value` is what is sent for a
    mapping that stands in the stack file, whose keys say the rest.
    """

    path: str
    form: str = ""
    values: Mapping[Any, Any] = field(default_factory=dict[Any, Any])
    value: Any = None

    def of(self, said: Any) -> Any:
        """Return Azure's value of what a setting says."""
        if self.form:
            return self.form.format(said)
        return self.values.get(said, said)


FLAG: Mapping[Any, Any] = {True: "true", False: "false"}
"""True and false where Azure takes them as text."""
NOTHING: tuple[Any, ...] = (None, False, (), {})
"""Defaults that are not sent: a cluster made before a setting knew it sees no difference."""
