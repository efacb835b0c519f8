"""What each test takes in processor time, and which tests are so long that a sample leaves them out.

`PLUMBLINE_TEST_TIMES=FOLDER ./run test -n 2 --ignore-glob=*browser.py -p tests.timing` notes the former,
`.venv/bin/python -m tests.timing FOLDER` then tells the longest and writes tests/long.txt anew.
"""

import os
import resource
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

FOLDER: Final = "PLUMBLINE_TEST_TIMES"
LONG: Final = Path(__file__).with_name("long.txt")
LONG_SECONDS: Final = 0.0625
"""A test of which a sample does without takes longer than this."""

# What is most easily forgotten in a change is said by every sample.
ALWAYS: Final = ("tests/house/test_house.py", "tests/house/test_long.py", "tests/web/test_words.py")

TOLD: Final = 25
# It copies a template, and makes it where a test is the first to need it; others need it as well.
MAKES_FOR_OTHERS: Final = "template"


def processor_seconds() -> float:
    """What this process has used so far, and the processes that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Clock:
    """Takes the time of a test: without what is made for tests of all files, with what is made for those of its own."""

    def __init__(self) -> None:
        self.aside = 0.0
        self.of_file: dict[tuple[Path, str], float] = {}
        self.is_making = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Function) -> Iterator[Any]:  # Any: what the hook's other users give
        """Notes what a test takes, as if it were the only one of its file."""
        self.aside, before = 0.0, processor_seconds()
        result = yield
        shared = sum(self.of_file.get((item.path, name), 0.0) for name in item.fixturenames)
        note(item.nodeid, processor_seconds() - before - self.aside + shared)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self,
        fixturedef: pytest.FixtureDef[Any],  # Any: fixtures of every kind
        request: pytest.FixtureRequest,
    ) -> Iterator[Any]:  # Any: as above
        """Sets aside what is made for other tests as well."""
        is_of_session = fixturedef.scope == "session" and not fixturedef.baseid.endswith(".py")
        is_of_all = is_of_session or fixturedef.argname == MAKES_FOR_OTHERS
        if self.is_making or (fixturedef.scope == "function" and not is_of_all):
            return (yield)
        self.is_making, before = True, processor_seconds()
        try:
            return (yield)
        finally:
            self.is_making, seconds = False, processor_seconds() - before
            self.aside += seconds
            if not is_of_all:
                file = request.config.rootpath / fixturedef.baseid.partition("::")[0]
                self.of_file[file, fixturedef.argname] = seconds


def pytest_configure(config: pytest.Config) -> None:
    """Begins to take times."""
    config.pluginmanager.register(Clock())


def note(nodeid: str, seconds: float) -> None:
    """Adds a line to the file of this process."""
    folder = Path(os.environ[FOLDER])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{os.getpid()}.txt").open("a", encoding="utf-8") as file:
        file.write(f"{seconds:.3f} {nodeid}\n")


def longest(folder: Path) -> list[tuple[float, str]]:
    """Seconds and names of all tests of which a time was noted, the longest first."""
    lines = [line for file in folder.glob("*.txt") for line in file.read_text(encoding="utf-8").splitlines()]
    parts = [line.partition(" ") for line in lines]
    return sorted(((float(seconds), name) for seconds, _, name in parts), reverse=True)


def main(words: Sequence[str]) -> None:
    """Tells the longest tests, and writes the names of those that a sample leaves out."""
    found = longest(Path(words[0]))
    long = sorted(name for seconds, name in found if seconds > LONG_SECONDS and not name.startswith(ALWAYS))
    LONG.write_text("".join(f"{name}\n" for name in long), encoding="utf-8")
    for seconds, name in found[:TOLD]:
        print(f"{seconds:8.2f} {name}")
    print(f"{len(found)} tests, {sum(seconds for seconds, _ in found):.0f} s; {len(long)} of them are long")


if __name__ == "__main__":
    main(sys.argv[1:])
