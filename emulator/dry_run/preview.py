"""A dry run from end to end: the program against the SDK's mock monitor, both packs, no engine and no state."""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from emulator.dry_run.project import Project
from emulator.dry_run.report import Report
from emulator.dry_run.terminal import Terminal
from emulator.dry_run.text import error_text
from emulator.engine.language_host.pack_process import PackProcess, told_of_a_stack
from emulator.errors import UNJUDGED, ConfigError, OperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emulator.dry_run.provider_set import Factories


def run(
    folder: Path,
    stack: str,
    *,
    packs: Sequence[Path] | None = None,
    as_json: bool = False,
    out: TextIO | None = None,
) -> int:
    """Preview a stack of the project in `folder`, print what comes of it to `out` (stdout), return the exit code.

    `packs`: the policy packs' folders, every one under `policies/` for None. The exit code is 0
    when nothing is refused, 1 when something is, 2 when there is nothing to run, 130 after Ctrl-C.
    """
    to, unjudged = out or sys.stdout, UNJUDGED["--no-policies" if packs == [] else "none"]
    try:
        project = Project.load(folder)
        if packs is None:
            packs = sorted(p.parent for p in (project.folder / "policies").glob("*/PulumiPolicy.yaml"))
        config = project.load_config(stack)
        terminal = Terminal(stack, to, as_json=as_json)
        terminal.begin()
        report = preview(project, stack, config, packs)
        terminal.finish(report)
        if not packs and not as_json:  # as JSON it has `policyPacks`
            sys.stderr.write(f"{unjudged}\n")
    except (UsageError, OperationError) as error:
        if as_json:
            errors = [{"urn": "", "message": str(error)}]
            to.write(json.dumps({"stack": stack, "result": "failed", "errors": errors}, indent=2) + "\n")
        sys.stderr.write(f"{error_text(error)}\n")
        return 1 if isinstance(error, (ConfigError, OperationError)) else 2
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: nothing was changed, a dry run has no state\n")
        return 130  # as shells do
    return 0 if report.ok else 1


def preview(
    project: Project,
    stack: str,
    config: dict[str, str],
    packs: Sequence[Path] = (),
    factories: Factories | None = None,
) -> Report:
    """Run a stack's program, have it judged and return what was found; `factories` replaces the emulator's providers.

    Raises UsageError: nothing was run.
    """
    begin = time.monotonic()
    report = Report()
    with ExitStack() as ends:
        told = told_of_a_stack("organization", project.name, stack, config, dry_run=True)
        processes: list[PackProcess] = []
        for folder in map(Path.resolve, packs):
            if not (folder / "PulumiPolicy.yaml").is_file():
                raise UsageError(f"{folder}: there is no policy pack here (no PulumiPolicy.yaml)")
            process = PackProcess(sys.executable, str(folder), told)
            ends.callback(process.stop)
            processes.append(process)
        # The SDK is imported after the packs were started, so that they load meanwhile.
        from emulator.dry_run.deployment import Deployment  # noqa: PLC0415
        from emulator.dry_run.monitor import Monitor  # noqa: PLC0415
        from emulator.dry_run.policies import Packs  # noqa: PLC0415
        from emulator.dry_run.program import run as run_program  # noqa: PLC0415
        from emulator.dry_run.provider_set import ProviderSet  # noqa: PLC0415
        from emulator.plugins.servers import factories as makers  # noqa: PLC0415

        judges = Packs(processes, report, stack, project.name, config)
        ends.callback(judges.close)
        providers = ProviderSet(factories or makers(None), config, stack=stack, project=project.name)
        providers.warn = lambda message: report.say("warning", message)
        deployment = Deployment(project, stack, providers, judges, report)
        try:
            if run_program(project, stack, config, Monitor(deployment), report):
                deployment.finish()
            else:
                judges.settle()
        except OperationError as error:
            report.say("error", str(error))
    report.seconds = time.monotonic() - begin
    return report
