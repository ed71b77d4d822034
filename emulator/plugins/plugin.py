"""The part of the provider protocol that every plugin has: who is there, and with which configuration."""

from __future__ import annotations

import json
import sys
import threading
import traceback
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, plugin_pb2, provider_pb2, provider_pb2_grpc

from emulator.errors import OperationError, ProviderError, UsageError
from emulator.properties.values import reveal
from emulator.properties.wire import from_struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.protobuf.struct_pb2 import Struct

    from emulator.plugins.base import Provider
    from emulator.properties.values import Props

    Context = grpc.ServicerContext

_Method = TypeVar("_Method", bound="Callable[..., Any]")


def plain(struct: Struct) -> Props:
    """Read properties without the marks of secrets, which the providers do not know."""
    return reveal(from_struct(struct))


def told(method: _Method) -> _Method:
    """Turn a refusal into the error that the engine shows, in one line."""

    @wraps(method)
    def call(self: Plugin, request: Any, context: Context) -> Any:
        try:
            return method(self, request, context)
        except (ProviderError, OperationError, UsageError) as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except grpc.RpcError:  # an engine that was interrupted no longer answers what a provider asks it
            context.abort(grpc.StatusCode.UNAVAILABLE, "the engine no longer answers")
        except Exception as error:  # noqa: BLE001  (a defect of ours: the engine must hear of it and go on)
            traceback.print_exc(file=sys.stderr)
            context.abort(
                grpc.StatusCode.INTERNAL, f"defect of the emulator: {type(error).__name__}: {error}"
            )

    return cast("_Method", call)


@dataclass
class Session:
    """A connection: its provider, and the address of the engine behind it ("" until it says so)."""

    provider: Provider
    engine: str = ""

    def attach(self, address: str) -> None:
        """Learn where the engine listens; what there is to say goes there."""
        self.engine = address or self.engine

    def log(self, urn: str, message: str) -> None:
        """Show a message at a resource. Without an engine, or without its ear, it is dropped."""
        if not self.engine:
            return
        with grpc.insecure_channel(self.engine) as channel:
            request = engine_pb2.LogRequest(severity=engine_pb2.INFO, urn=urn, message=message)
            try:
                engine: Any = engine_pb2_grpc.EngineStub(channel)
                engine.Log(request, timeout=5)
            except grpc.RpcError:
                return


class Sessions:
    """The sessions of one server, by peer ("ipv4:127.0.0.1:40001"): the protocol itself names no connection."""

    def __init__(self, make: Callable[[], Provider]) -> None:
        self._make = make
        self._by_peer: dict[str, Session] = {}
        self._lock = threading.Lock()

    def of(self, peer: str) -> Session:
        """Return the peer's session, a new one for a new peer."""
        with self._lock:
            if peer not in self._by_peer:
                self._by_peer[peer] = Session(self._make())
            return self._by_peer[peer]

    def forget(self, peer: str) -> None:
        """End a session."""
        with self._lock:
            self._by_peer.pop(peer, None)


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """Serves the provider of one package; each connection of an engine has an instance with its own configuration."""

    def __init__(self, package: str, version: str, make: Callable[[], Provider]) -> None:
        self._package = package
        self._version = version
        self._settings = make().settings
        self._sessions = Sessions(make)

    def session(self, context: Context) -> Session:
        """Return the session of the connection that a call came over."""
        return self._sessions.of(context.peer())

    # Who is there.

    @told
    def Handshake(self, request: provider_pb2.ProviderHandshakeRequest, context: Context) -> Any:  # noqa: N802
        """Say what the provider takes: secrets (components have to), but neither references nor outputs."""
        self.session(context).attach(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=False, accept_outputs=False
        )

    @told
    def Attach(self, request: plugin_pb2.PluginAttach, context: Context) -> Empty:  # noqa: N802
        """Learn where the engine listens."""
        self.session(context).attach(request.address)
        return Empty()

    def GetPluginInfo(self, request: Empty, context: Context) -> Any:  # noqa: N802
        """Have the version of the installed SDK."""
        del request, context
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(self, request: provider_pb2.GetSchemaRequest, context: Context) -> Any:  # noqa: N802
        """Have no more of a schema than its configuration: the SDK is generated from the real provider's."""
        del request, context
        inputs = {name: {"type": kind} for name, kind in self._settings.items()}
        said = {"name": self._package, "version": self._version, "provider": {"inputProperties": inputs}}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(said))

    def Parameterize(self, request: provider_pb2.ParameterizeRequest, context: Context) -> Any:  # noqa: N802
        """Refuse: these packages are used as they are."""
        del request
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{self._package} takes no parameters in the emulator")

    def Cancel(self, request: Empty, context: Context) -> Empty:  # noqa: N802
        """Forget the engine that is done."""
        del request
        self._sessions.forget(context.peer())
        return Empty()

    # Configuration.

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: Context) -> Any:  # noqa: N802
        """Take any configuration."""
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: Context) -> Any:  # noqa: N802
        """Never replace a provider: its resources would go with it."""
        del context
        changed = request.news != (request.old_inputs if request.old_inputs.fields else request.olds)
        response = provider_pb2.DiffResponse
        return response(changes=response.DIFF_SOME if changed else response.DIFF_NONE)

    @told
    def Configure(self, request: provider_pb2.ConfigureRequest, context: Context) -> Any:  # noqa: N802
        """Configure this connection's instance."""
        said = {k.rpartition(":")[2]: v for k, v in request.variables.items()}
        config = said | plain(request.args)
        self.session(context).provider.configure({k: v for k, v in config.items() if k != "version"})
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=False, acceptOutputs=False
        )
