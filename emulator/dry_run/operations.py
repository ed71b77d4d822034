"""The operations on a stack: preview, up, destroy, refresh."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from emulator.control_plane.stack_cluster import StackCluster
from emulator.dry_run.locks import locked
from emulator.dry_run.operation import Options, Place, Result
from emulator.dry_run.pack_process import PackProcess
from emulator.dry_run.policy_config import load_policy_config
from emulator.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi.automation.events import EngineEvent

    from emulator.dry_run.deployment import Deployment
    from emulator.dry_run.events import Listener
    from emulator.dry_run.policy_config import PolicySettings
    from emulator.dry_run.project import Config, Project
    from emulator.dry_run.provider_set import Factories
    from emulator.dry_run.state import State


class Operations:
    """Operations on one stack of a project, with its state in `folder`."""

    def __init__(
        self,
        project: Project,
        stack: str,
        folder: Path,
        factories: Factories | None = None,
        *,
        control_plane: bool = False,
    ) -> None:
        """Take where everything is; `factories` replaces the providers of `emulator.plugins.registry`.

        With `control_plane` the stack gets a real one; a stack that has one keeps it without being told.
        """
        self.project, self.stack, self.folder = project, stack, folder
        self.cluster = StackCluster(folder, stack)
        self._wants_cluster = control_plane
        self._factories = factories
        self._running: Deployment | None = None
        self._cancelled = False

    def cancel(self) -> None:
        """Stop the operation under way (in another thread, or by Ctrl-C) before its next step."""
        self._cancelled = True
        if self._running is not None:
            self._running.run.cancelled.set()

    def preview(self, options: Options) -> Result:
        """Run the program without changing anything. Raises UsageError and OperationError."""
        config = self._begin(options)
        return self._run(config, options, options.listeners, dry_run=True)

    def up(self, options: Options) -> Result:
        """Preview, and only when nothing mandatory is violated and nothing refused, make it so."""
        config = self._begin(options)
        with locked(self.folder, self.stack, "up"):
            if options.refresh:
                refreshed = self._refresh(config, options.listeners)
                if not refreshed.ok:
                    return self._record("update", options, config, refreshed)
            missed: list[EngineEvent] = []
            with ExitStack() as stack:
                ready = self._packs_ahead(stack, config, options)
                shown = options.preview_listeners or [missed.append]
                planned = self._run(config, options, [*shown, ready], dry_run=True)
                if not planned.ok:
                    for event in missed:
                        for listener in options.listeners:
                            listener(event)
                    return self._record("update", options, config, planned)
                if options.confirm is not None and not options.confirm():
                    raise OperationError("nothing was changed")
                result = self._run(config, options, options.listeners, dry_run=False, started=ready.processes)
            if result.ok:
                self.cluster.settle()
            return self._record("update", options, config, result)

    def destroy(self, options: Options, *, preview_only: bool = False) -> Result:
        """Delete everything that the stack has, dependents first. The program is not run."""
        config = self._begin(options)
        with ExitStack() as stack:
            if not preview_only:
                stack.enter_context(locked(self.folder, self.stack, "destroy"))
            self._wants_cluster = False  # what was never brought up on one needs none to go
            result = self._without_program(config, options.listeners, "destroy", preview_only=preview_only)
            if result.ok and not preview_only:
                self.cluster.end()
            return result if preview_only else self._record("destroy", options, config, result)

    def refresh(self, options: Options, *, preview_only: bool = False) -> Result:
        """Read every resource from its provider and take over what has changed; show it as drift."""
        config = self._begin(options)
        with ExitStack() as stack:
            if not preview_only:
                stack.enter_context(locked(self.folder, self.stack, "refresh"))
            result = self._refresh(config, options.listeners, preview_only=preview_only)
            return result if preview_only else self._record("refresh", options, config, result)

    def _begin(self, options: Options) -> Config:
        self._cancelled = False
        return self.project.load_config(self.stack, options.config_file)

    def _packs_ahead(self, stack: ExitStack, config: Config, options: Options) -> _Ahead:
        return _Ahead(
            lambda: [self._start(stack, path, config, dry_run=False) for path in options.policy_packs]
        )

    def _run(
        self,
        config: Config,
        options: Options,
        listeners: list[Listener],
        *,
        dry_run: bool,
        started: list[PackProcess] | None = None,
    ) -> Result:
        """Run the program, with packs that were `started` or that it starts."""
        begin = time.monotonic()
        pack_configs = [load_policy_config(path) for path in options.policy_pack_configs]
        with ExitStack() as stack:
            packs = started or [
                self._start(stack, path, config, dry_run=dry_run) for path in options.policy_packs
            ]
            state, deployment = self._prepare(config, listeners, packs, pack_configs, dry_run=dry_run)
            stack.callback(deployment.providers.close)
            stack.callback(deployment.packs.close)
            events = deployment.events
            events.prelude(config)
            program_failed = False
            try:
                program_failed = self._run_program(config, deployment, dry_run=dry_run)
            finally:
                if not dry_run:
                    state.save()
                events.summary(time.monotonic() - begin, deployment.packs.versions())
            ok = not deployment.failed and not deployment.packs.mandatory
            return Result(ok, events.changes, state.outputs() or {}, time.monotonic() - begin, program_failed)

    def _start(self, stack: ExitStack, path: Path, config: Config, *, dry_run: bool) -> PackProcess:
        process = PackProcess(
            path.resolve(), stack=self.stack, project=self.project.name, config=config, dry_run=dry_run
        )
        stack.callback(process.stop)
        return process

    def _prepare(
        self,
        config: Config,
        listeners: list[Listener],
        processes: list[PackProcess],
        pack_configs: list[dict[str, PolicySettings]],
        *,
        dry_run: bool,
    ) -> tuple[State, Deployment]:
        """Put a run together. The SDK is imported with it, after the packs' processes were started."""
        from emulator.dry_run.assembly import assemble  # noqa: PLC0415

        cluster = self.cluster if self._wants_cluster or self.cluster.is_kept else None
        state, deployment = assemble(
            Place(self.project, self.stack, self.folder, self._factories, cluster),
            config,
            listeners,
            processes,
            pack_configs,
            dry_run=dry_run,
        )
        self._running = deployment
        if self._cancelled:
            deployment.run.cancelled.set()
        return state, deployment

    def _run_program(self, config: Config, deployment: Deployment, *, dry_run: bool) -> bool:
        """Run the program and what follows it; say whether the program itself failed."""
        from emulator.dry_run.monitor import Monitor  # noqa: PLC0415
        from emulator.dry_run.program import Program  # noqa: PLC0415
        from emulator.dry_run.run import StopRun  # noqa: PLC0415

        try:
            outcome = Program(self.project, self.stack, config).run(
                Monitor(deployment), deployment.events, dry_run=dry_run, cancel=self.cancel
            )
            if not outcome.ok:
                if outcome.message:
                    deployment.run.stop("", outcome.message)
                deployment.run.failed = True
            deployment.finish(program_ok=outcome.ok)
            return bool(outcome.message)
        except StopRun:
            pass
        except OperationError as error:
            deployment.run.stop("", str(error))
        finally:
            self._running = None
        return False

    def _refresh(self, config: Config, listeners: list[Listener], *, preview_only: bool = False) -> Result:
        return self._without_program(config, listeners, "refresh", preview_only=preview_only)

    def _without_program(
        self, config: Config, listeners: list[Listener], what: str, *, preview_only: bool
    ) -> Result:
        from emulator.dry_run.recovery import restore_providers  # noqa: PLC0415
        from emulator.dry_run.run import StopRun  # noqa: PLC0415

        started = time.monotonic()
        state, deployment = self._prepare(config, listeners, [], [], dry_run=preview_only)
        events = deployment.events
        events.prelude(config)
        try:
            restore_providers(state, deployment.providers)
            if what == "destroy":
                deployment.deletions.delete_unseen()
            else:
                deployment.steps.refresh()
        except StopRun:
            pass
        except OperationError as error:
            deployment.run.stop("", str(error))
        finally:
            self._running = None
            deployment.providers.close()
            state.save()
            events.summary(time.monotonic() - started, {})
        return Result(
            not deployment.failed, events.changes, state.outputs() or {}, time.monotonic() - started
        )

    def _record(self, kind: str, options: Options, config: Config, result: Result) -> Result:
        from emulator.dry_run import history  # noqa: PLC0415

        version = len(history.read(self.folder, self.stack)) + 1
        history.append(self.folder, self.stack, history.entry(kind, options.message, config, result, version))
        return result


class _Ahead:
    """A listener of `up`'s preview: with its first resource the packs of the update start, so that nobody waits for them."""

    def __init__(self, start: Callable[[], list[PackProcess]]) -> None:
        self._start, self.processes = start, list[PackProcess]()
        self._done = False

    def __call__(self, event: EngineEvent) -> None:
        if event.resource_pre_event is not None and not self._done:
            self._done = True
            self.processes = self._start()
