"""Has posters printed on request, one at a time, in a process that gets the page through a pipe and stores nothing."""

import logging
import os
import subprocess
import sys
import threading
from typing import Final

from app.errors import UnavailableError
from app.sentences import say
from app.web.statics import ROOT

log = logging.getLogger("plumbline.posters")

SECONDS: Final = 120
NO_LIBRARY: Final = 3  # the exit code where WeasyPrint's native libraries are missing
MISSING_LIBRARY: Final = say(
    "Posters can't be printed on this machine, because libraries that draw PDF files are missing. Whoever runs this "
    "service installs them as for the report."
)
NOT_PRINTED: Final = say(
    "The poster could not be printed. Try again in a minute; the link and its code on screen work."
)


class Press:
    """Prints one document after the other."""

    def __init__(self) -> None:
        self._turn = threading.BoundedSemaphore(1)

    def pdf(self, html: str) -> bytes:
        """The PDF of a document; the same document gives the same bytes. UnavailableError when it can't be made."""
        words = [sys.executable, "-m", "app.posters.printing"]
        # Fonts carry the time at which they were cut down; this variable is how the font tools are told one.
        surroundings = {**os.environ, "SOURCE_DATE_EPOCH": "0", "PYTHONIOENCODING": "utf-8"}
        try:
            with self._turn:
                done = subprocess.run(
                    words, input=html.encode(), capture_output=True, timeout=SECONDS, cwd=ROOT.parent, env=surroundings,
                    check=False,
                )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise UnavailableError(NOT_PRINTED) from None
        if done.returncode == NO_LIBRARY:
            raise UnavailableError(MISSING_LIBRARY)
        if done.returncode != 0:
            log.error("a poster could not be printed, exit code %d", done.returncode)
            raise UnavailableError(NOT_PRINTED)
        return done.stdout
