"""Names and values of variables, each labelled a secret or none."""

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Labelled(NamedTuple):
    """A name and a value, and whether it is a secret."""

    name: str
    value: str
    secret: bool


def labelled() -> list[Labelled]:
    """Every labelled name and value."""
    return [*_read("secrets.txt", secret=True), *_read("harmless.txt", secret=False)]


def more() -> list[Labelled]:
    """As many again, asked at preview alone: the API server has the same patterns, and each costs it a request."""
    return [*_read("more_secrets.txt", secret=True), *_read("more_harmless.txt", secret=False)]


def unseen() -> list[Labelled]:
    """Every labelled name and value that the patterns were not tuned by, those that they get wrong among them.

    One that is used to mend a pattern moves into the other lists.
    """
    return [*_read("unseen_secrets.txt", secret=True), *_read("unseen_harmless.txt", secret=False)]


def _read(file: str, *, secret: bool) -> list[Labelled]:
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return [Labelled(name, value.replace("\\n", "\n"), secret) for name, _, value in pairs]
