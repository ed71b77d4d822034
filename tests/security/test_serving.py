"""The pack's gRPC server, and gRPC's own in its place."""

import signal
import threading

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from secure_aks_security.engine import serving

from tests.security.analyzer import pack

SIZE = 1_000_000
LARGE = "x" * (SIZE + 1)


class Echo(analyzer_pb2_grpc.AnalyzerServicer):
    """Says the URN again; waits or fails where it is told to."""

    go = threading.Event()

    def Analyze(self, request, context):  # noqa: N802 - the protocol's name
        if request.urn == "waits":
            self.go.wait()
        if request.urn == "fails":
            raise ValueError("it does not fit")
        if request.urn == "denied":
            context.set_code(grpc.StatusCode.PERMISSION_DENIED)
            context.set_details("not you")
        said = analyzer_pb2.AnalyzeResponse()
        said.diagnostics.add(message=request.urn)
        return said


UNTRIED = f"{serving.TRIED[1][0]}.{serving.TRIED[1][1] + 1}.0"


def started(version):
    server = serving.server([("grpc.max_receive_message_length", SIZE)], version)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Echo(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


@pytest.fixture(params=[grpc.__version__, UNTRIED], ids=["ours", "gRPC's own"])
def channel(request):
    """A channel to a server; gRPC's own serves where ours was not tried with the version that is installed."""
    server, port = started(request.param)
    assert isinstance(server, serving.OneThread) == (request.param == grpc.__version__)
    thread = threading.Thread(target=server.wait_for_termination)
    thread.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as made:
        yield made
    server.stop(0)
    thread.join()


@pytest.fixture
def stub(channel):
    return analyzer_pb2_grpc.AnalyzerStub(channel)


def asked(stub, urn):
    return stub.Analyze.future(analyzer_pb2.AnalyzeRequest(urn=urn))


def refused(call):
    """What a call fails with."""
    with pytest.raises(grpc.RpcError) as found:
        call()
    return found.value.code(), found.value.details()


def test_each_of_many_requests_at_once_gets_its_own_answer(stub):
    """More than gRPC lets wait when it is not told otherwise."""
    Echo.go.clear()
    waiting = {urn: asked(stub, urn) for urn in ("waits", *map(str, range(4_000)))}
    Echo.go.set()
    assert all(call.result().diagnostics[0].message == urn for urn, call in waiting.items())


def test_a_method_that_fails_or_is_not_there_fails_its_call_alone(stub):
    code = grpc.StatusCode
    assert refused(asked(stub, "fails").result) == (
        code.UNKNOWN,
        "Exception calling application: it does not fit",
    )
    assert refused(asked(stub, "denied").result) == (code.PERMISSION_DENIED, "not you")
    assert refused(lambda: stub.Handshake(analyzer_pb2.AnalyzerHandshakeRequest())) == (
        code.UNIMPLEMENTED,
        "Method not implemented!",
    )
    assert asked(stub, "next").result().diagnostics[0].message == "next"


def test_a_message_that_is_too_large_or_taken_back_fails_its_call_alone(stub):
    code, words = refused(asked(stub, LARGE).result)
    assert (code, "larger than max" in str(words)) == (grpc.StatusCode.RESOURCE_EXHAUSTED, True)
    for _ in range(50):
        asked(stub, "x" * (SIZE // 2)).cancel()
    assert asked(stub, "next").result().diagnostics[0].message == "next"


def test_the_pack_ends_in_quiet_when_it_is_told_to():
    with pack() as running:
        assert running.analyze("random:index:Thing", {}) == []
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait() == 0


def test_a_method_of_another_service_is_not_found(channel):
    call = channel.unary_unary("/other.Service/Method")
    assert refused(lambda: call(b"")) == (grpc.StatusCode.UNIMPLEMENTED, "Method not found!")
