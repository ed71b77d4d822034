"""Flux: the cluster takes what runs in it from a git repository."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from settings.fields.base import Words, matching, refused
from settings.fields.types import DnsLabel
from settings.sections.base import Section

_REF = re.compile(r"(?!refs/)(?!.*(\.\.|//|/\.|\.lock(/|$)))[A-Za-z0-9_]([\w./-]{0,198}[\w-])?", re.ASCII)
"""Part of what git takes (git-check-ref-format), without the `refs/heads/` that Flux puts before it."""
_PATH = re.compile(r"(\./)?(?!.*\.\.)[\w.-]*(/[\w.-]+)*/?", re.ASCII)
_HOST_KEY = re.compile(r"\S+ (ssh-ed25519|ecdsa-sha2-\S+|rsa-sha2-\S+|ssh-rsa) [A-Za-z0-9+/]+=*")
_OWN = re.compile(r"(.+\.)?localhost\.?")
"""Hosts that are no other machine (RFC 6761)."""
_LABEL = "[a-z0-9]([-_a-z0-9]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}$)({_LABEL}\.)*(?=[^.]*[a-z]){_LABEL}\.?")
"""A name, whose last part is no number: resolvers read 127.1 and 0x7f000001 as addresses."""
_SEEN = re.compile(r"[!-~]+")
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
    if parts.query or parts.fragment or not _SEEN.fullmatch(value):
        raise refused(
            "git takes no `?`, `#`, blank or foreign letter in a URL", f"write one without, {_SUCH}"
        )
    _other_machine(host)
    return value


def _other_machine(host: str) -> None:
    try:
        address = ip_address(host)
    except ValueError:
        if _OWN.fullmatch(host):
            raise _pod_itself(host) from None
        if not _HOST.fullmatch(host) or host.startswith("0x"):
            raise refused(f"{host!r} is no name of a host", f"write its name, {_SUCH}") from None
        return
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback or address.is_unspecified:
        raise _pod_itself(host)
    if address.is_link_local or address.is_multicast:
        raise refused(f"{host} is no host of others: the range is reserved", f"write its name, {_SUCH}")


def _pod_itself(host: str) -> PydanticCustomError:
    return refused(f"{host} is, in the cluster, each pod itself", f"write a host's own name, {_SUCH}")


def _host_keys(value: str) -> str:
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    # Line by line, for a pattern of all of them may not end.
    if lines and all(map(_HOST_KEY.fullmatch, lines)):
        return value
    raise refused(
        f"{value!r} is not a list of host keys",
        "write after `knownHosts: |` what `ssh-keyscan -t ed25519 <host>` prints, a line each, and compare it",
    )


Ref = Annotated[
    str,
    matching(
        _REF,
        "a name of a branch or a tag",
        "write one such as main, without refs/heads/, 200 characters at most",
    ),
    Words("a branch or a tag"),
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
            AfterValidator(_host_keys),
            Words("lines of known_hosts"),
        ]
        | None
    ) = None
    """Keys of the repository's host, for ssh://; Flux makes a key of its own, and tells the public half (docs/gitops.md)."""
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
