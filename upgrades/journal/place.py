"""Where a team's journals live: the container, bucket or folder that keeps the stacks' state, so that whoever may `up` reads them.

Pulumi's own order decides which backend that is: PULUMI_BACKEND_URL, `backend.url` of Pulumi.yaml, what `pulumi login` left
(https://www.pulumi.com/docs/iac/concepts/state-and-backends). Pulumi Cloud keeps no files: there, and wherever
another place is wanted, SECURE_AKS_JOURNALS names one.
"""

from __future__ import annotations

import itertools
import json
import os
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

from secure_aks_lifecycle import regular_file

from settings import SettingsError
from settings.reading.source import document

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from obstore import ObjectMeta
    from obstore.store import ObjectStore

SCHEMES = ("azblob", "s3", "gs", "file")
CLOUD = "https://api.pulumi.com"
"""Where the CLI logs in by a token alone."""
FOLDER = ".upgrades"
"""What the journals stand under, beside Pulumi's own `.pulumi`."""
CONNECT = timedelta(seconds=5)
ANSWER = timedelta(seconds=20)
LIST = timedelta(seconds=60)
"""How long a list may take, with all its pages."""
TRIES, TRY_FOR = 3, timedelta(seconds=20)


class PlaceError(Exception):
    """The team's place cannot be used; the message is one line that names it and why."""


def named(project: Path, environment: Mapping[str, str], variable: str) -> str:
    """Return the URL under which the team keeps its journals; empty where they stay in a folder of this machine."""
    said = environment.get(variable, "")
    if said:
        return said if _scheme(said) in SCHEMES else ""
    backend = _backend(project, environment)
    return backend if _scheme(backend) in SCHEMES else ""


def without_files(project: Path, environment: Mapping[str, str], variable: str) -> str:
    """Return the backend that keeps no files, where nothing names another place for journals; else empty.

    The runners of several machines then know nothing of each other: a backend's own lock keeps out a second `up`, not a second rollout.
    """
    backend = _backend(project, environment)
    if environment.get(variable) or (not backend and not environment.get("PULUMI_ACCESS_TOKEN")):
        return ""
    return "" if _scheme(backend) in SCHEMES else backend or CLOUD


def _backend(project: Path, environment: Mapping[str, str]) -> str:
    return environment.get("PULUMI_BACKEND_URL") or _of_project(project) or _logged_in(environment)


def opened(url: str, project: str, stack: str, environment: Mapping[str, str]) -> ObjectStore:
    """Open the place of a stack's journal. Raises PlaceError for a URL or a login that will not do."""
    parts = urlsplit(url)
    within = f"{FOLDER}/{project}/{stack}"
    prefix = "/".join(part for part in (parts.path.strip("/"), within) if part)
    with asked(url):
        from obstore import store  # noqa: PLC0415  # loaded only where a team has a place

        more: dict[str, Any] = {
            "retry_config": {"max_retries": TRIES, "retry_timeout": TRY_FOR},
            "client_options": {"connect_timeout": CONNECT, "timeout": ANSWER, "allow_http": True},
        }
        if parts.scheme == "file":
            return store.LocalStore(_folder(url) / within, mkdir=True)
        if parts.scheme == "s3":
            return store.S3Store(parts.netloc, prefix=prefix, **_s3(parts.query), **more)
        if parts.scheme == "gs":
            return store.GCSStore(parts.netloc, prefix=prefix, **more)
        return store.AzureStore(parts.netloc, prefix=prefix, **_azure(parts.query, environment), **more)


@contextmanager
def asked(where: str) -> Generator[None]:
    """Tell of a store that does not answer in one line. Raises PlaceError; a file that is not there stays FileNotFoundError."""
    try:
        yield
    except (FileNotFoundError, PlaceError):
        raise
    except Exception as error:
        from obstore.exceptions import AlreadyExistsError  # noqa: PLC0415

        if isinstance(error, AlreadyExistsError):
            raise
        why = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise PlaceError(
            f"the team's journal at {where.partition('?')[0]} cannot be used: {why}; nothing goes on without it: "
            "mend the login or the line, then run the same command again (a rollout that has begun: `resume`)"
        ) from None


def listed(store: ObjectStore, where: str, under: str) -> list[str]:
    """Return the paths of the objects under a name. Raises PlaceError.

    obstore asks for page after page, empty ones too, so it is read beside this thread. Its coroutines would not do: they wake
    the loop from a thread of theirs, which ends the process with SIGABRT where that ends at the same moment.
    """
    found: list[str] = []
    failed: list[Exception] = []
    over = threading.Event()

    def read() -> None:
        try:
            pages: Iterable[Sequence[ObjectMeta]] = store.list(under)  # pyright: ignore[reportUnknownMemberType]  # another overload is
            for page in itertools.takewhile(lambda _: not over.is_set(), pages):
                found.extend(item["path"] for item in page)
        except Exception as error:  # noqa: BLE001  # it is raised below
            failed.append(error)

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    with asked(where):
        try:
            reading.join(LIST.total_seconds())
            if reading.is_alive():
                raise PlaceError(
                    f"the team's journal at {where.partition('?')[0]} cannot be read: its list has not ended after "
                    f"{LIST.seconds} seconds; see which proxy or gateway stands between, then run the same command again"
                )
        finally:
            over.set()
            reading.join(1)
        if failed:
            raise failed[0]
    return found


def _scheme(url: str) -> str:
    return url.partition("://")[0] if "://" in url else ""


def _of_project(project: Path) -> str:
    try:
        text: Any = document(project / "Pulumi.yaml")
    except SettingsError:
        return ""  # the CLI, which is asked next, says what is wrong with it
    return _text(text, "backend", "url")


def _logged_in(environment: Mapping[str, str]) -> str:
    home = environment.get("PULUMI_HOME") or Path("~/.pulumi").expanduser()
    try:
        return _text(json.loads(regular_file.text(Path(home) / "credentials.json")), "current")
    except (OSError, ValueError, RecursionError):
        return ""


def _text(data: Any, *path: str) -> str:
    for key in path:
        data = cast("Mapping[str, Any]", data).get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""


def _folder(url: str) -> Path:
    """Return the folder of a file:// URL as Pulumi reads it: `~` is the home, `.` the present folder."""
    path = Path(url.partition("://")[2].partition("?")[0]).expanduser()
    return Path(os.path.abspath(path))  # noqa: PTH100  # Path.resolve would follow links


def _s3(query: str) -> dict[str, Any]:
    """Return what the parameters of an s3:// URL say (https://gocloud.dev/howto/blob/#s3-compatible), as far as journals need it."""
    said = {name: values[-1] for name, values in parse_qs(query).items()}
    found: dict[str, Any] = {}
    if region := said.get("region"):
        found["region"] = region
    if endpoint := said.get("endpoint"):
        plain = said.get("disableSSL", "false").lower() == "true" or said.get("disable_https") == "true"
        found["endpoint"] = endpoint if "://" in endpoint else f"{'http' if plain else 'https'}://{endpoint}"
        found["virtual_hosted_style_request"] = False
    return found


def _azure(query: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the account and the login, from the same variables as Pulumi's; without a key, the login that Azure is asked with."""
    said = {name: values[-1] for name, values in parse_qs(query).items()}
    account = said.get("storage_account") or environment.get("AZURE_STORAGE_ACCOUNT", "")
    if not account:
        raise PlaceError(
            "the team's journal: the azblob:// URL names no account; add ?storage_account=<name>, or set AZURE_STORAGE_ACCOUNT"
        )
    found: dict[str, Any] = {"account_name": account}
    if domain := said.get("domain") or environment.get("AZURE_STORAGE_DOMAIN"):
        host = f"{domain}/{account}" if said.get("localemu") == "true" else f"{account}.{domain}"
        found["endpoint"] = f"{said.get('protocol', 'https')}://{host}"
    if key := environment.get("AZURE_STORAGE_KEY"):
        return {**found, "account_key": key}
    if token := environment.get("AZURE_STORAGE_SAS_TOKEN"):
        return {**found, "sas_key": token}
    from obstore.auth.azure import AzureCredentialProvider  # noqa: PLC0415

    return {**found, "credential_provider": AzureCredentialProvider()}
