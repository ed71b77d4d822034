"""The server's port: the same in every run, for a control plane that goes on running asks for keys there."""

from __future__ import annotations

import errno
import socket
import ssl
from typing import TYPE_CHECKING

from emulator.cloud.file import read, replace
from emulator.https.listener import LOOPBACK, Listener

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from emulator.https.certificates import KeyPair
    from emulator.https.messages import Reply, Request

_FILE = "port"
_LAST = 65535
_SECONDS = 5.0


def kept_port(folder: Path) -> int:
    """Return the port that the server in a folder keeps; 0 before its first run, and where what is kept is none. Raises FileError."""
    try:
        kept = int(read(folder / _FILE) or b"0")
    except ValueError:
        return 0
    return kept if 0 <= kept <= _LAST else 0


def open_listener(
    folder: Path,
    certificate: KeyPair,
    authority: Path,
    hosts: Collection[str],
    answer: Callable[[Request], Reply],
) -> Listener:
    """Listen on the kept port. Another run in the same folder may have it: then on a free one, and the kept one stays kept."""
    kept = kept_port(folder)
    try:
        listener = Listener(kept, certificate, hosts, answer)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        listener = Listener(0, certificate, hosts, answer)
        if _is_ours(kept, authority):
            return listener
    if listener.port != kept:
        replace(folder / _FILE, str(listener.port))
    return listener


def _is_ours(port: int, authority: Path) -> bool:
    """Say whether what listens there has a certificate of the same authority."""
    context = ssl.create_default_context(cafile=str(authority))
    try:
        with (
            socket.create_connection((LOOPBACK, port), timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=LOOPBACK),
        ):
            return True
    except OSError:
        return False
