"""The messages of the engine's protocols without the SDK around them, which takes longer to load than all else of a host."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from types import ModuleType


def leave_the_sdk_out() -> None:
    """Let `pulumi.runtime.proto` be all of `pulumi` in this process: a host starts programs, and is none.

    An operation starts two hosts. To be called before anything of `pulumi` is imported.
    """
    path = None
    for name in ("pulumi", "pulumi.runtime"):
        found = PathFinder.find_spec(name, path)
        module = sys.modules[name] = ModuleType(name)
        path = module.__path__ = list((found and found.submodule_search_locations) or ())
