"""How much the tests try: a sample at each run, all of it where everything has to hold (CI=true, as in `.ci/run`).

A sample has fewer drawn examples, fewer random organisations and fewer people who answer; it runs on PostgreSQL what is
marked `both`, which with its long tests is each statement that the service has at least once; and it leaves out the
long tests, each of which takes as long as a dozen others (tests/long.txt, tests/timing.py). All other tests run either
way, with the same assertions; whoever asks for a file, a folder or a name gets the long ones there as well.
"""

import os
from pathlib import Path

import hypothesis
import pytest

EXAMPLES = 12

IS_THOROUGH = os.environ.get("CI", "").lower() in {"1", "true"}
"""Whether everything is tried, and nothing may be missing for it."""

LONG_TESTS = frozenset(Path(__file__).with_name("long.txt").read_text(encoding="utf-8").splitlines())
"""The names of the tests that a sample leaves out; the browser's tests are not among them."""


# Drawing takes long where others take the processor; Hypothesis's own profile for CI does not mind either.
_OF_A_BUSY_MACHINE = (hypothesis.HealthCheck.too_slow,)


def tried(everything: int, *, sample: int) -> int:
    """How many a test draws by itself."""
    return everything if IS_THOROUGH else sample


def examples(everything: int) -> int:
    """How many examples Hypothesis draws for a test whose examples are cheap or dear; others have the profile's."""
    return everything if IS_THOROUGH else max(EXAMPLES // 2, everything // 10)


def choose_profile() -> None:
    """Sets how many examples Hypothesis draws for the tests that do not say; with CI=true those of its own profile."""
    # For measuring which branches tests reach (.ci/run): what only one in a hundred examples reaches is not tested.
    hypothesis.settings.register_profile("few", max_examples=5, deadline=None, suppress_health_check=_OF_A_BUSY_MACHINE)
    hypothesis.settings.register_profile(
        "sample", max_examples=EXAMPLES, deadline=None, suppress_health_check=_OF_A_BUSY_MACHINE
    )
    if not IS_THOROUGH:
        hypothesis.settings.load_profile("sample")


def is_left_out(item: pytest.Item) -> bool:
    """Whether a sample of all tests does without this one."""
    return item.nodeid in LONG_TESTS and _is_of_all(item.config)


def _is_of_all(config: pytest.Config) -> bool:
    """Whether nobody asked for these tests, and nobody takes their time."""
    asked_for = {config.rootpath / one for one in config.args} - {config.rootpath, config.rootpath / "tests"}
    return not asked_for and not config.option.keyword and not config.pluginmanager.has_plugin("tests.timing")
