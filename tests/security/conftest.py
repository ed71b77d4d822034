"""The pack's judge, configured as every case expects."""

import pytest
from secure_aks_security.judging.judge import Judge

from tests.security.helpers import judge_of


@pytest.fixture(scope="session")
def judge() -> Judge:
    return judge_of()
