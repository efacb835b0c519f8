"""The consultant whose documents these are."""

from typing import TYPE_CHECKING

import pytest

from tests.cast import sign_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture
def ada(client: "TestClient") -> "TestClient":
    return sign_in(client, "Ada")
