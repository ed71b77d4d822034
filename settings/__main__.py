"""`python -m settings --stack dev` prints the effective file of a stack, with where each key was said."""

import argparse
import sys
from pathlib import Path

from settings.effective import effective
from settings.reading.problem import SettingsError


def main(arguments: list[str] | None = None) -> int:
    """Print it; 1 when the stack file is refused."""
    parser = argparse.ArgumentParser(prog="python -m settings", description=__doc__)
    parser.add_argument("--stack", default="dev", help="the stack's name (dev)")
    parser.add_argument("--folder", type=Path, default=Path(), help="the folder of Pulumi.yaml (this one)")
    chosen = parser.parse_args(arguments)
    try:
        sys.stdout.write(effective(chosen.folder / f"Pulumi.{chosen.stack}.yaml"))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
