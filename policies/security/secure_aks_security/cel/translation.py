"""CEL as Python source, by Google's parser. Loading it takes a while, so it is done when a text is not kept."""

from secure_aks_security.cel import syntax
from secure_aks_security.cel.careful import careful
from secure_aks_security.cel.quick import quick
from secure_aks_security.cel.use import Use


def source(text: str, use: Use | None) -> str:
    """Return the source for known values (`use` None), or the careful one.

    Raises UnsupportedError, and RuntimeError for what is not CEL.
    """
    node = syntax.parse(text)
    return f"lambda v, o: {quick(node) if use is None else careful(node, use)}"
