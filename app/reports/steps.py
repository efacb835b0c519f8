"""What is done while a file is made, in words for the page that waits for it."""

from typing import Final

from app.sentences import Sentence, say

READING: Final = say("reading the release and writing the sentences")
"""What every file begins with."""

OF_THE_PDF: Final = (
    say("reading the pages"),
    say("setting type and colour"),
    say("drawing tables and figures"),
    say("laying out the pages"),
    say("writing the PDF"),
    say("adding bookmarks and tags"),
)

WRITING: Final = say("writing the file")
"""What files are made in that take no second."""

GATHERING: Final = say("making every file anew and packing them")

STEPS: Final[tuple[Sentence, ...]] = (READING, *OF_THE_PDF, WRITING, GATHERING)
"""Every step there is."""
