import pytest

from surveys.load import latest
from surveys.model import Instrument
from tests.surveys.authored import Authored, author


@pytest.fixture(scope="session")
def atr() -> Instrument:
    return latest("atr")


@pytest.fixture
def authored(tmp_path) -> Authored:
    return author(tmp_path)
