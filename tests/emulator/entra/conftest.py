from tests.emulator.arm.conftest import azure, today

__all__ = ["azure", "today"]
