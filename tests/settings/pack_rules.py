"""The rules of both packs as settings/facts/data/rules.yaml has them: `python -m tests.settings.pack_rules` writes it."""

from pathlib import Path

from secure_aks_lifecycle.ending import run
from secure_aks_lifecycle.judging import policies as lifecycle
from secure_aks_lifecycle.rules import RULES
from secure_aks_security.model import Level
from secure_aks_security.rules import load_rules
from secure_aks_security.stack import STACK_RULES

from settings.whole_file import write_whole

TARGET = Path(__file__).parents[2] / "settings" / "facts" / "data" / "rules.yaml"
_HEAD = """\
# The rules of the policy packs; the `silent` ones judge only where the stack file says so, and the `stopping` ones stop an `up`.
# Written by `python -m tests.settings.pack_rules`, which a test keeps true: the settings import no pack.
source: policies/security and policies/lifecycle
"""


def render() -> str:
    """Return the whole file."""
    security = [*load_rules(), *STACK_RULES]
    off = [rule.id for rule in security if rule.level is Level.DISABLED]
    on = [rule.id for rule in security if rule.level is not Level.DISABLED]
    stopping = [rule.id for rule in security if rule.level not in {Level.DISABLED, Level.ADVISORY}]
    stops = [rule.id for rule in RULES if rule.level != "advisory"]
    reports = [lifecycle.EXEMPT[0], lifecycle.EXEMPT_STEP[0], lifecycle.EMERGENCY[0]]
    packs = {
        "security": {"judging": on, "silent": off, "stopping": stopping},
        "lifecycle": {
            "judging": [rule.id for rule in RULES],
            "silent": [],
            "stopping": stops,
            "reports": reports,
        },
    }
    text = _HEAD
    for pack, kinds in packs.items():
        text += f"{pack}:\n"
        for kind, names in kinds.items():
            text += f"  {kind}:\n" if names else f"  {kind}: []\n"
            text += "".join(f"    - {name}\n" for name in sorted(names))
    return text


def main() -> None:
    """Write the file."""
    write_whole(TARGET, render())


if __name__ == "__main__":
    run(lambda: main)
