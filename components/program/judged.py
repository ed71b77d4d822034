"""Whether a policy pack judges this run, as far as a program can tell.

The engine tells its program nothing about packs (neither the language protocol nor the resource monitor mentions them, Pulumi 3.276), and
Pulumi.yaml cannot name any. What is left is the command line of the CLI that started this process, where /proc shows it.
"""

import os
from pathlib import Path

UNJUDGED = (
    "no policy pack is named on this command line, so unless your Pulumi organization enforces them nothing judges what this does; "
    "`make azure-preview` and `make azure-up` (STACK=dev) always name both, or add "
    "`--policy-pack policies/security --policy-pack policies/lifecycle`"
)
"""What a preview or an `up` without packs is told."""
_OPTION = "--policy-pack"


def names_packs(proc: Path = Path("/proc"), pid: int | None = None) -> bool | None:
    """Tell whether the `pulumi` that started this process was given a policy pack; None when that cannot be seen."""
    process = os.getppid() if pid is None else pid
    while process > 1:
        try:
            words = (proc / str(process) / "cmdline").read_text(errors="replace").split("\0")
            stat = (proc / str(process) / "stat").read_text(errors="replace")
        except OSError:
            return None
        if Path(words[0]).stem == "pulumi":
            return any(word.partition("=")[0] == _OPTION for word in words)
        process = int(stat.rpartition(")")[2].split()[1])
    return None
