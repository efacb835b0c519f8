"""How much the tests try: a sample at each run, all of it where everything has to hold (CI=true, as in `.ci/run`).

All tests run either way, with the same assertions. A sample has fewer drawn examples, fewer random organisations and
fewer people who answer; and it runs on PostgreSQL what is marked `both`, which is each statement that the service has
at least once, and on SQLite everything.
"""

import os

import hypothesis

EXAMPLES = 12

IS_THOROUGH = os.environ.get("CI", "").lower() in {"1", "true"}
"""Whether everything is tried, and nothing may be missing for it."""


def tried(everything: int, *, sample: int) -> int:
    """How many a test draws by itself."""
    return everything if IS_THOROUGH else sample


def examples(everything: int) -> int:
    """How many examples Hypothesis draws for a test whose examples are cheap or dear; others have the profile's."""
    return everything if IS_THOROUGH else max(EXAMPLES // 2, everything // 10)


def choose_profile() -> None:
    """Sets how many examples Hypothesis draws for the tests that do not say; with CI=true those of its own profile."""
    # For measuring which branches tests reach (.ci/run): what only one in a hundred examples reaches is not tested.
    hypothesis.settings.register_profile("few", max_examples=5, deadline=None)
    hypothesis.settings.register_profile("sample", max_examples=EXAMPLES, deadline=None)
    if not IS_THOROUGH:
        hypothesis.settings.load_profile("sample")
