"""Where the engine starts the package: `pulumi package add <this folder>` (docs/package.md)."""

import sys

from secure_aks.package.provider import host  # pyright: ignore[reportMissingImports]  # as it is installed

host(sys.argv[1:])
