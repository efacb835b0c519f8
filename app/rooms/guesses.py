"""How many wrong codes were tried lately, in memory only so that no network address is stored."""

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Final

from app.errors import TooManyError
from app.sentences import say

WINDOW: Final = timedelta(minutes=10)
# In each web process; a whole workshop often comes from one address.
FROM_ONE: Final = 40
FROM_ALL: Final = 400
WAIT: Final = say("Too many wrong codes were tried. Wait ten minutes, or scan the code on the screen in your room.")
PAUSED: Final = say("This survey is paused for the moment. Your code is right; try it again later.")


class Guesses:
    """Wrong codes of the last ten minutes, those tried at this process alone.

    With a billion codes, a few hundred in ten minutes find nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: deque[tuple[datetime, str]] = deque()

    def require(self, address: str, now: datetime) -> None:
        """TooManyError when too many were wrong."""
        with self._lock:
            while self._wrong and self._wrong[0][0] <= now - WINDOW:
                self._wrong.popleft()
            mine = sum(one == address for _, one in self._wrong)
            if mine >= FROM_ONE or len(self._wrong) >= FROM_ALL:
                raise TooManyError(WAIT)

    def note(self, address: str, now: datetime) -> None:
        """Remembers a wrong code."""
        with self._lock:
            self._wrong.append((now, address))
