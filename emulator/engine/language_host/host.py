"""The LanguageRuntime service: a Python program, policy packs and providers of components, each in a process of its own."""

from __future__ import annotations

import subprocess
import threading
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from emulator.engine.language_host.children import TOLD, interpreter, start
from emulator.engine.language_host.pack import Pack

if TYPE_CHECKING:
    from collections.abc import Generator

    import grpc

    Context = grpc.ServicerContext

PROJECT = Path(__file__).parents[3]
"""The folder that this package is imported from, for the program's process."""
_RUNNER = "import sys; sys.path.append(sys.argv.pop()); from emulator.engine.language_host.program import main; sys.exit(main())"


class Host(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs what the engine asks for; `stop` ends what still runs."""

    def __init__(self, engine: str = "") -> None:
        self._engine = engine
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the program and the packs."""
        self._stopped.set()
        for process in list(self._running):
            process.kill()

    def Handshake(self, request: Any, context: Context) -> Any:  # noqa: N802 - the protocol's names
        """Keep the engine's address."""
        del context
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Context) -> Any:  # noqa: N802
        """Have the SDK's version."""
        del request, context
        return plugin_pb2.PluginInfo(version=version("pulumi"))

    def GetRequiredPackages(self, request: Any, context: Context) -> Any:  # noqa: N802
        """Name none: the engine looks for a plugin when the program registers a resource of its package."""
        del request, context
        return language_pb2.GetRequiredPackagesResponse()

    def About(self, request: Any, context: Context) -> Any:  # noqa: N802
        """Say which Python runs the program."""
        del context
        return language_pb2.AboutResponse(executable=_python(request.info), version=version("pulumi"))

    def Cancel(self, request: Empty, context: Context) -> Empty:  # noqa: N802
        """End what runs."""
        del request, context
        self.stop()
        return Empty()

    def Run(self, request: Any, context: Context) -> Any:  # noqa: N802
        """Run a program to its end; what it prints becomes the engine's messages."""
        if not request.args:
            request.args.append(self._engine)
        said = request.SerializeToString().hex()
        process = start([_python(request.info), "-u", "-c", _RUNNER, said, str(PROJECT)], cwd=request.pwd)
        context.add_callback(process.kill)
        self._running.add(process)
        code = process.wait()
        self._running.discard(process)
        if code == TOLD:
            return language_pb2.RunResponse(bail=True)
        said = "" if code == 0 else f"Program exited with non-zero exit code: {code}"
        return language_pb2.RunResponse(error="" if self._stopped.is_set() else said)

    def RunPlugin(self, request: Any, context: Context) -> Generator[Any]:  # noqa: N802
        """Serve a policy pack, or a provider of components, until the engine no longer wants it."""
        environment = dict(entry.partition("=")[::2] for entry in request.env)
        if request.kind != "analyzer":
            yield from self._provider(request, context, environment)
            return
        folder, engine = request.info.program_directory, next(iter(request.args), self._engine)
        done = threading.Event()
        context.add_callback(done.set)
        with Pack(_python(request.info), engine, folder, environment) as pack:
            yield language_pb2.RunPluginResponse(stdout=f"{pack.port}\n".encode())
            while not (done.wait(0.2) or self._stopped.is_set()):
                pass

    def InstallDependencies(self, request: Any, context: Context) -> Generator[Any]:  # noqa: N802
        """Install nothing: what runs here runs with a Python that has it."""
        del request, context
        yield from ()

    def _provider(self, request: Any, context: Context, environment: dict[str, str]) -> Generator[Any]:
        command = [_python(request.info), "-u", request.info.program_directory, *request.args]
        process = start(command, cwd=request.pwd, env=environment or None, stdout=subprocess.PIPE)
        self._running.add(process)
        context.add_callback(process.kill)
        for line in process.stdout or ():
            yield language_pb2.RunPluginResponse(stdout=line)
        yield language_pb2.RunPluginResponse(exitcode=process.wait())
        self._running.discard(process)


def _python(info: Any) -> str:
    options: dict[str, Any] = MessageToDict(info.options)
    return interpreter(Path(info.root_directory), options)
