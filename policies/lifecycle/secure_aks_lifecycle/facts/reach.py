"""Why nobody could be reached, in words: what urllib3 and requests say of a connection is written for programmers."""

from __future__ import annotations

import re

WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"certificate|SSL", re.IGNORECASE), "its certificate is not trusted here"),
    (
        re.compile(
            r"getaddrinfo|NameResolution|Name or service not known|nodename nor servname|resolve",
            re.IGNORECASE,
        ),
        "its name is not known here",
    ),
    (re.compile(r"timed out|timeout", re.IGNORECASE), "no answer came in time"),
    (re.compile(r"refused", re.IGNORECASE), "the connection was refused"),
    (re.compile(r"reset|aborted|closed|disconnect", re.IGNORECASE), "the connection was lost"),
    (re.compile(r"unreachable|No route", re.IGNORECASE), "there is no way to it from this network"),
    (re.compile(r"proxy", re.IGNORECASE), "the proxy lets nothing through"),
)


def why(error: BaseException) -> str:
    """Return why a connection failed; what is not known is told by the kind of the error alone."""
    said = f"{type(error).__name__} {error}"
    return next(
        (words for pattern, words in WORDS if pattern.search(said)), f"it failed ({type(error).__name__})"
    )
