"""What a test does when something outside Python is missing: it skips with the reason; under CI it fails."""

import os
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Skip this test with the reason, or fail it where everything has to be there (CI=true)."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"{reason} (Under CI this test may not be skipped.)", pytrace=False)
    pytest.skip(reason)
