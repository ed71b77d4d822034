"""`python -m upgrades`: what is running, what comes next, one safe step at a time to the end."""

from __future__ import annotations

import typer

from .commands.abort import abort
from .commands.check import check
from .commands.common import err
from .commands.gates import gates
from .commands.next import next_
from .commands.plan import plan
from .commands.report import report
from .commands.rollout import resume, rollout
from .commands.status import status
from .commands.windows import windows
from .edit import EditError
from .ignore import IgnoreFileError
from .journal import JournalBusyError, JournalDamagedError
from .observe.stacks import NoStackError
from .transient import complaint

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.command()(check)
app.command()(plan)
app.command(name="next")(next_)
app.command()(rollout)
app.command()(resume)
app.command()(abort)
app.command()(status)
app.command()(report)
app.command()(gates)
app.command()(windows)


def main() -> int:
    """Run the command line; whatever a user can cause is a message, not a traceback."""
    from pulumi.automation import CommandError  # noqa: PLC0415

    from settings import SettingsError  # noqa: PLC0415

    try:
        app(standalone_mode=True)
    except (
        NoStackError,
        SettingsError,
        EditError,
        IgnoreFileError,
        JournalBusyError,
        JournalDamagedError,
        FileNotFoundError,
        ValueError,
    ) as error:
        err.print(str(error), style="red", markup=False)
        return 1
    except CommandError as error:
        err.print(complaint(error), style="red", markup=False)
        return 1
    return 0
