"""What is done while a report is made, in words for the page that waits for it."""

from typing import Final

from app.sentences import say

STEPS: Final = (
    say("reading the release and writing the sentences"),
    say("reading the pages"),
    say("setting type and colour"),
    say("drawing tables and figures"),
    say("laying out the pages"),
    say("writing the PDF"),
    say("adding bookmarks and tags"),
)
