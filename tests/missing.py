"""What a test does when something outside Python is missing: it skips with the reason; under CI it fails."""

from typing import NoReturn

import pytest

from tests.thorough import IS_THOROUGH


def missing(reason: str) -> NoReturn:
    """Skip this test with the reason, or fail it where everything has to be there (CI=true)."""
    if IS_THOROUGH:
        pytest.fail(f"{reason} (Under CI this test may not be skipped.)", pytrace=False)
    pytest.skip(reason)
