"""`python -m settings explain [rule]`: what a rule of the settings wants, and how an exemption from it is written."""

import argparse
import sys

from settings.checks.finding import RULES
from settings.words import did_you_mean


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code, 2 for a rule that there is not."""
    parser = argparse.ArgumentParser(prog="python -m settings", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    explaining = commands.add_parser("explain", help="say what a rule wants")
    explaining.add_argument("rule", nargs="?", help="the rule's id; without it, every rule is listed")
    rule: str | None = parser.parse_args(arguments).rule
    if rule is None:
        width = max(map(len, RULES))
        sys.stdout.write("".join(f"{name:{width}}  {text}\n" for name, text in RULES.items()))
        return 0
    if rule not in RULES:
        sys.stderr.write(f"there is no rule {rule} of the settings; {did_you_mean(rule, RULES)}\n")
        return 2
    sys.stdout.write(
        f"{rule}: {RULES[rule]}\n\nA stack file that breaks it is refused, unless secure-aks:exemptions has\n\n"
        f"    - rule: {rule}\n      resource: {{name: <the cluster, pool or other thing that the refusal names>}}\n"
        "      reason: <why>\n      until: <the last day, such as 2027-03-31>\n\ndocs/settings.md lists all of them.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
