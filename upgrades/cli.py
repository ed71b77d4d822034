"""`python -m upgrades`: what is running, what comes next, one safe step at a time to the end."""

from __future__ import annotations

import typer
from pulumi.automation import CommandError
from secure_aks_lifecycle.ending import typed

from settings import SettingsError
from upgrades.commands.change.abort import abort
from upgrades.commands.change.images import images
from upgrades.commands.change.replace_pool import replace_pool
from upgrades.commands.change.rollback import rollback
from upgrades.commands.change.rollout import resume, rollout
from upgrades.commands.change.whole_cluster import whole_cluster
from upgrades.commands.common import err
from upgrades.commands.look.check import check
from upgrades.commands.look.explain import explain
from upgrades.commands.look.gates import gates
from upgrades.commands.look.next import next_
from upgrades.commands.look.plan import plan
from upgrades.commands.look.rehearse import rehearse
from upgrades.commands.look.report import report
from upgrades.commands.look.status import status
from upgrades.commands.look.windows import windows
from upgrades.commands.options import Folder, anywhere, everywhere
from upgrades.commands.plain import Group, Plain
from upgrades.engine.pulumi_cli import NoCliError
from upgrades.errors.transient import complaint
from upgrades.files.yaml_nodes import EditError
from upgrades.gates.ignore import IgnoreFileError
from upgrades.journal.file import JournalBusyError, JournalDamagedError
from upgrades.journal.holds import HoldError
from upgrades.journal.lease import LeaseLostError
from upgrades.journal.place import PlaceError
from upgrades.observe.errors import UnreadError
from upgrades.observe.stacks import NoStackError

app = typer.Typer(
    cls=Group, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)
app.command(cls=Plain)(everywhere(check))
app.command(cls=Plain)(everywhere(plan))
app.command(name="next", cls=Plain)(everywhere(next_))
app.command(cls=Plain)(everywhere(rollout))
app.command(cls=Plain)(everywhere(resume))
app.command(cls=Plain)(everywhere(rollback))
app.command(cls=Plain)(everywhere(images))
app.command(name="replace-pool", cls=Plain)(everywhere(replace_pool))
app.command(name="whole-cluster", cls=Plain)(everywhere(whole_cluster))
app.command(cls=Plain)(everywhere(abort, servers=False))
app.command(cls=Plain)(everywhere(status, servers=False))
app.command(cls=Plain)(everywhere(report, servers=False))
app.command(cls=Plain)(anywhere(rehearse))
app.command(cls=Plain)(anywhere(gates))
app.command(cls=Plain)(anywhere(explain))
app.command(cls=Plain)(anywhere(windows))


@app.callback()
def _before_a_command(folder: Folder = None) -> None: ...


def main() -> int:
    """Run the command line; whatever a user can cause is a message, not a traceback."""
    try:
        app(standalone_mode=True, prog_name=typed("upgrades"))
    except (
        NoStackError,
        NoCliError,
        UnreadError,
        SettingsError,
        EditError,
        HoldError,
        IgnoreFileError,
        JournalBusyError,
        JournalDamagedError,
        LeaseLostError,
        PlaceError,
        ValueError,
    ) as error:
        err.print(str(error), style="red", markup=False)
        return 1
    except FileNotFoundError as error:
        if (
            error.errno is not None
        ):  # the system's own, which tells less than its name and its reason together
            raise
        err.print(str(error), style="red", markup=False)
        return 1
    except CommandError as error:
        err.print(complaint(error), style="red", markup=False)
        return 1
    return 0
