"""Somebody who uses the console for the first time, in a real browser: presses what is on the page, and counts it.

No address is typed after the first one. What is pressed has to be on the page once, under the words that it shows.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Locator, Page, expect

# How long a person takes, in seconds: to look for something, point at it and press it; to go to a field; for a letter.
# Card, Moran and Newell, The keystroke-level model, Communications of the ACM 23 (1980): M + P + B, P + B + H, K.
PRESSING: Final = 1.35 + 1.1 + 0.2
GOING_TO_A_FIELD: Final = 1.1 + 0.2 + 0.4
TYPING_A_LETTER: Final = 0.28


@dataclass
class Count:
    """What somebody had to do, and the seconds that the service took meanwhile."""

    presses: int = 0
    fields: int = 0
    letters: int = 0
    waited: float = 0.0

    @property
    def seconds(self) -> float:
        """How long a practised person would take, as the keystroke-level model has it, waiting included."""
        own = self.presses * PRESSING + self.fields * GOING_TO_A_FIELD + self.letters * TYPING_A_LETTER
        return own + self.waited


@dataclass
class Newcomer:
    """A person at a page. `counted` has a count for each part of their way."""

    page: Page
    counted: dict[str, Count] = field(default_factory=dict)
    part: str = ""

    @contextmanager
    def doing(self, part: str) -> Iterator[Count]:
        """Counts what is done inside under this name."""
        self.part, self.counted[part] = part, Count()
        yield self.counted[part]

    @property
    def whole(self) -> Count:
        """All parts together."""
        every = self.counted.values()
        return Count(
            presses=sum(one.presses for one in every),
            fields=sum(one.fields for one in every),
            letters=sum(one.letters for one in every),
            waited=sum(one.waited for one in every),
        )

    def press(self, words: str | re.Pattern[str]) -> None:
        """Presses the one link, button or choice that bears these words, and waits for the page that follows."""
        place = self.page.get_by_role("main").or_(self.page.get_by_role("navigation"))
        found = [place.get_by_role(kind, name=words, exact=True) for kind in ("link", "button", "radio")]
        self.press_at(found[0].or_(found[1]).or_(found[2]))

    def press_at(self, found: Locator) -> None:
        """Presses something that has no words of its own, as a cell."""
        expect(found).to_have_count(1)
        expect(found).to_be_visible()
        began = time.perf_counter()
        found.click()
        self.page.wait_for_load_state()
        self._note(presses=1, waited=time.perf_counter() - began)

    def write(self, label: str, text: str) -> None:
        """Types into the field of that label."""
        self.page.get_by_label(label, exact=True).fill(text)
        self._note(fields=1, letters=len(text))

    def paste(self, label: str, text: str) -> None:
        """Puts a list there that was copied elsewhere: a field and two keys."""
        self.page.get_by_label(label, exact=True).fill(text)
        self._note(fields=1, letters=2)

    def sees(self, words: str) -> None:
        """These words stand on the page, at the latest after it has asked for itself anew."""
        expect(self.page.get_by_role("main")).to_contain_text(words, timeout=15_000)

    def _note(self, *, presses: int = 0, fields: int = 0, letters: int = 0, waited: float = 0.0) -> None:
        count = self.counted.setdefault(self.part, Count())
        count.presses, count.fields = count.presses + presses, count.fields + fields
        count.letters, count.waited = count.letters + letters, count.waited + waited
