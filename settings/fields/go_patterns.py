"""Regular expressions that Go takes too: kured does not start with one that it cannot compile."""

import re

_ONLY_IN_PYTHON = (
    (re.compile(r"\(\?(?:=|!|<=|<!)"), "Go has no lookahead and no lookbehind"),
    (re.compile(r"\(\?(?:P=|\()|\\[1-9]"), "Go has no references to groups"),
    (re.compile(r"\(\?[>#]|[*+?}]\+"), "Go has neither atomic groups, possessive repeats nor comments"),
    (re.compile(r"\(\?[a-zA-Z]*[aLux]"), "Go has no flags a, L, u and x"),
    (re.compile(r"\\[uUNZ]"), r"Go has no \u, \U, \N and \Z"),
    (re.compile(r"\{,"), "Go has no repeat without a lower bound"),
    (re.compile(r"\{[0-9]*,?(?:[0-9]{5,}|100[1-9]|10[1-9][0-9]|1[1-9][0-9]{2}|[2-9][0-9]{3})"), "Go repeats 1000 times at most"),
    (re.compile(r"\[\[|\[[^\]]*\\[bB]|\[\^?\]"), "Go reads this set in another way"),
)  # fmt: skip
_ESCAPED = re.compile(r"\\\\")


def complaint(pattern: str) -> str | None:
    """Return why a text is no regular expression for both Python and Go (RE2); None when it is one.

    Python's grammar is checked by compiling, then what Go lacks of it by name: a rare pattern that both would take may be refused.
    """
    text = _ESCAPED.sub("__", pattern)
    if why := next((why for only, why in _ONLY_IN_PYTHON if only.search(text)), None):
        return why
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return None
