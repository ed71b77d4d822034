"""Flux: the cluster takes what runs in it from a git repository."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from settings.fields.base import Words, matching, refused
from settings.fields.types import DnsLabel
from settings.sections.base import Section

_REF = re.compile(r"[A-Za-z0-9_]([\w./-]{0,198}[\w-])?", re.ASCII)
_PATH = re.compile(r"(\./)?(?!.*\.\.)[\w.-]*(/[\w.-]+)*/?", re.ASCII)
_HOSTS = re.compile(r"(\S+ (ssh-ed25519|ecdsa-sha2-\S+|rsa-sha2-\S+|ssh-rsa) [A-Za-z0-9+/]+=*\s*)+")
_OWN = re.compile(r"(.+\.)?localhost\.?|127(\.\d+){3}|::1|0\.0\.0\.0|::")
"""Hosts that are no other machine (RFC 6761, RFC 1122)."""
_SUCH = "such as https://github.com/contoso/fleet or ssh://git@github.com/contoso/fleet"


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, password, user, _ = parts.hostname, parts.password, parts.username, parts.port
    except ValueError:
        raise refused("this is no URL", f"write one {_SUCH}") from None
    if password is not None or (user is not None and parts.scheme == "https"):
        raise refused(
            "it has a name or a password, which would stand in this file and in Azure for everybody who reads them",
            "write the URL without, and name with `secret` the Secret in the cluster that has them",
        )
    if parts.scheme == "http":
        raise refused("whoever is on the way could say what runs in the cluster", "write https:// or ssh://")
    if parts.scheme not in {"https", "ssh"} or not host or len(parts.path) < 2:  # noqa: PLR2004  (a slash and more)
        raise refused(f"{value!r} is no URL of a git repository", f"write one {_SUCH}")
    if _OWN.fullmatch(host):
        raise refused(f"{host} is, in the cluster, each pod itself", f"write a host's own name, {_SUCH}")
    return value


Ref = Annotated[
    str, matching(_REF, "a name of a branch or a tag", "write one such as main"), Words("a branch or a tag")
]


class Kustomization(Section):
    """One folder of the repository, applied as a whole."""

    name: DnsLabel
    """Its name in the cluster."""
    path: Annotated[
        str,
        matching(_PATH, "a folder of the repository", "write one such as ./infrastructure"),
        Words("a folder of the repository"),
    ] = "./"
    """The folder, from the repository's root."""
    depends_on: tuple[DnsLabel, ...] = ()
    """Names of those that have to be applied, and healthy, before it."""
    prune: bool = True
    """Delete in the cluster what is no longer in the folder."""


class Gitops(Section):
    """Flux, as AKS's own extension: what the repository says is applied, and judged by the cluster's admission policies."""

    repository: Annotated[str, AfterValidator(_url), Words("the https:// or ssh:// URL of a git repository")]
    """The repository."""
    branch: Ref | None = None
    """Branch to follow."""
    tag: Ref | None = None
    """Tag to stay at, instead of a branch."""
    known_hosts: (
        Annotated[
            str,
            matching(
                _HOSTS,
                "a list of host keys",
                "write what `ssh-keyscan -t ed25519 <host>` prints, and compare it",
            ),
            Words("lines of known_hosts"),
        ]
        | None
    ) = None
    """Keys of the repository's host, for ssh://; Flux makes a key of its own, and tells the public half (docs/day-2.md)."""
    secret: DnsLabel | None = None
    """Name of a Secret in the namespace below with what a private repository asks for; never the password itself."""
    namespace: DnsLabel = "cluster-config"
    """Namespace of the repository's objects in Flux, which Azure makes; it is no team's."""
    sync_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    """Minutes between two looks at the repository."""
    kustomizations: Annotated[tuple[Kustomization, ...], Field(min_length=1, max_length=50)]
    """What is applied."""

    @property
    def is_ssh(self) -> bool:
        """Whether the repository is reached by SSH."""
        return self.repository.startswith("ssh://")
