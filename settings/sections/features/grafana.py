"""Managed Grafana: pictures of what managed Prometheus collects."""

import re
from typing import Annotated

from settings.fields.base import Words, matching
from settings.sections.base import Section
from settings.sections.groups import Group

_NAME = re.compile(r"[A-Za-z](?!.*--)[A-Za-z0-9-]{0,21}[A-Za-z0-9]")

GrafanaName = Annotated[
    str,
    matching(
        _NAME,
        "a name of a managed Grafana",
        "write 2 to 23 letters, digits and single dashes, a letter first and no dash last, a name that nobody else in Azure has",
    ),
    Words("a name of 2 to 23 letters, digits and dashes"),
]


class Grafana(Section):
    """Azure's managed Grafana on that workspace: people come in by Entra, through groups alone, and there are no API keys."""

    name: GrafanaName
    """Name of the Grafana to create, in Azure one of its kind."""
    public_access: bool = False
    """Whether its address is open to the internet, where Entra alone guards it; otherwise a private endpoint leads to it (docs/alerts.md)."""
    admins: tuple[Group, ...] = ()
    """Entra groups that manage it: data sources, dashboards, who may what."""
    editors: tuple[Group, ...] = ()
    """Entra groups that write dashboards."""
    viewers: tuple[Group, ...] = ()
    """Entra groups that look."""

    @property
    def groups(self) -> dict[str, tuple[Group, ...]]:
        """The groups by the key that names them."""
        return {"admins": self.admins, "editors": self.editors, "viewers": self.viewers}
