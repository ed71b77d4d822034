"""A cluster that is there already, made by whomever: the way to it, and what a namespace's network has to know of it."""

import re
from typing import Annotated

from settings.fields.base import Words, matching
from settings.fields.types import Cidr
from settings.sections.base import Section

_LINE = re.compile(r"\S(.{0,251}\S)?")


def _one_line(what: str, remedy: str) -> object:
    return matching(_LINE, what, remedy)


class Existing(Section):
    """A cluster that somebody else makes and upgrades; this stack has what lives inside it, and nothing of Azure or Entra."""

    context: Annotated[
        str,
        _one_line("a context of a kubeconfig", "write one that `kubectl config get-contexts` lists"),
        Words("the name of a context"),
    ]
    """Context of the kubeconfig, such as kind-kind; never whichever is current."""
    kubeconfig: (
        Annotated[
            str,
            _one_line("a path", "write the path of a kubeconfig, such as ~/.kube/config"),
            Words("a path"),
        ]
        | None
    ) = None
    """File with that context, from the project's folder or `~`; where kubectl looks (KUBECONFIG, ~/.kube/config) unless set."""
    pod_cidr: Cidr | None = None
    """Network of the cluster's pods; needed where an opening names a `range`, which must not take them in."""
    service_cidr: Cidr | None = None
    """Network of its services; needed likewise."""
