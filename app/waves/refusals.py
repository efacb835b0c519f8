"""Why something cannot be done with a wave: messages with their places open."""

from typing import Final

from app.sentences import say

NAME_TAKEN: Final = say("There is already an assessment called {name}. Give this one another name.")
LABEL_TAKEN: Final = say("This assessment already has a wave {label}. Give this one another label.")
NOT_CLOSED: Final = say("{label} is not closed yet. Close it first; then prepare the next wave.")
FOLLOWED: Final = say("{newest} follows {wave} already, so {checked} was not prepared.")
STILL_RUNNING: Final = say("{running} is still running. Close it before {wave} opens.")
RUN_ALREADY: Final = say("{later} comes after {wave} and has been open already. Waves open in their order.")
CLOSING_PASSED: Final = say("The time at which {wave} was to close has passed. Give it new dates.")
OPENED_ONCE: Final = (
    say("{label} has been closed. A wave opens only once; prepare the next one instead."),
    say("{label} was cancelled, so it cannot open any more. Plan another wave instead."),
)
NO_LONGER: Final = say(
    "The headcount of {name} can no longer be changed. While a wave closes, a headcount is corrected once, and only "
    "where more people answered than it says."
)
