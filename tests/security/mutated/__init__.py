"""Objects changed at random: no rule may fail over one, and what the API server lets in no rule may call unreadable.

`make mutated`, or `python -m tests.security.mutated --count 10000 --seed 1`; the suite asks about a few.
"""

from tests.security.mutated.examining import Tally, examine
from tests.security.mutated.making import mutated

__all__ = ["Tally", "examine", "mutated"]
