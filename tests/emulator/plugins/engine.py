"""An engine's side of the provider protocol, made of the SDK's own stubs."""

from __future__ import annotations

from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from emulator.properties.wire import from_struct, to_struct


class Engine:
    """The part of an engine that talks to one provider over a connection of its own."""

    def __init__(self, port: int, config: dict[str, str] | None = None) -> None:
        # A channel of its own: gRPC shares connections between equal channels, and an engine's are never equal.
        self.channel = grpc.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)]
        )
        self.stub: Any = provider_pb2_grpc.ResourceProviderStub(self.channel)
        self.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=""))
        self.stub.Attach(plugin_pb2.PluginAttach(address=""))
        self.configured = self.stub.Configure(
            provider_pb2.ConfigureRequest(
                args=to_struct(config or {"location": "westeurope", "version": "3.29.0"})
            )
        )

    def check(self, name: str, news: dict[str, Any], olds: dict[str, Any] | None = None) -> Any:
        return self.stub.Check(
            provider_pb2.CheckRequest(urn=name, olds=to_struct(olds or {}), news=to_struct(news))
        )

    def create(
        self, name: str, news: dict[str, Any], *, preview: bool = False
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Check, then create; return (id, checked inputs, outputs)."""
        checked = self.check(name, news)
        assert list(checked.failures) == []
        made = self.stub.Create(
            provider_pb2.CreateRequest(urn=name, properties=checked.inputs, preview=preview)
        )
        return made.id, from_struct(checked.inputs), from_struct(made.properties)

    def diff(self, name: str, made: tuple[str, dict[str, Any], dict[str, Any]], news: dict[str, Any]) -> Any:
        checked = self.check(name, news, made[1])
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                id=made[0],
                urn=name,
                olds=to_struct(made[2]),
                old_inputs=to_struct(made[1]),
                news=checked.inputs,
            )
        )

    def update(
        self,
        name: str,
        made: tuple[str, dict[str, Any], dict[str, Any]],
        news: dict[str, Any],
        *,
        preview: bool = False,
    ) -> dict[str, Any]:
        checked = self.check(name, news, made[1])
        done = self.stub.Update(
            provider_pb2.UpdateRequest(
                id=made[0],
                urn=name,
                olds=to_struct(made[2]),
                old_inputs=to_struct(made[1]),
                news=checked.inputs,
                preview=preview,
            )
        )
        return from_struct(done.properties)

    def read(self, name: str, id_: str, inputs: dict[str, Any] | None = None) -> Any:
        return self.stub.Read(provider_pb2.ReadRequest(urn=name, id=id_, inputs=to_struct(inputs or {})))

    def delete(self, name: str, id_: str) -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(urn=name, id=id_))

    def invoke(self, tok: str, args: dict[str, Any]) -> dict[str, Any]:
        answer = self.stub.Invoke(provider_pb2.InvokeRequest(tok=tok, args=to_struct(args)))
        return from_struct(getattr(answer, "return"))

    def close(self) -> None:
        self.stub.Cancel(Empty())
        self.channel.close()
