"""What the SDK says of its own steps stays in the program's process; what the program says is sent."""

from types import FunctionType

import pulumi

from emulator.engine.language_host.program import keep_inner_steps


def say(module):
    pulumi.log.debug(f"from {module}", stream_id=1)


def test_the_programs_own_words_are_sent_and_the_sdks_are_not(monkeypatch):
    sent = []
    monkeypatch.setattr(pulumi.log, "debug", lambda message, **more: sent.append((message, more)))
    keep_inner_steps()
    for module in ("pulumi.runtime.resource", "__main__", "pulumi_of_ours"):
        speaker = FunctionType(say.__code__, {"__name__": module, "pulumi": pulumi})
        speaker(module)
    assert sent == [("from __main__", {"stream_id": 1}), ("from pulumi_of_ours", {"stream_id": 1})]
