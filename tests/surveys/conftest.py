import pytest
from hypothesis import settings

from surveys.load import load
from surveys.model import Instrument
from tests.surveys.authored import Authored, author

# Tests say what is true, never how fast: a busy machine must not fail them.
settings.register_profile("plumbline", deadline=None)
settings.load_profile("plumbline")


@pytest.fixture(scope="session")
def atr() -> Instrument:
    return load("atr", "1.0.0")


@pytest.fixture
def authored(tmp_path) -> Authored:
    return author(tmp_path)
