"""Who vouches for tokens, as a control plane has to know it: kept in the lab's folder, beside the keys."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from emulator.cloud.file import write_private

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Issuer:
    """The token service of a tenant."""

    url: str
    """The issuer that tokens name: `https://sts.windows.net/<tenant>/`."""
    discovery: str
    """Where its OpenID configuration really is: on the loopback address, at the lab's own port."""
    authority: str
    """The certificate of the authority that vouches for that address, PEM."""
    audience: str
    """The application that the tokens must be for."""
    tenant: str

    def keep(self, folder: Path) -> None:
        """Keep it in the lab's folder."""
        write_private(_path(folder), json.dumps(asdict(self), indent=1).encode())


def kept_issuer(folder: Path) -> Issuer | None:
    """Return the issuer of the lab in a folder, None for a lab that gives no tokens."""
    try:
        return Issuer(**json.loads(_path(folder).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _path(folder: Path) -> Path:
    return folder / "arm" / "issuer.json"
