"""Why a release is not made: messages that the worker writes down with a job, and that pages recall."""

from typing import Final

from app.sentences import say

NO_RESULT: Final = say("{label} has no result yet, so it cannot be made again.")
DELETED: Final = say("The answers of {label} are no longer there, so its result stays as it is.")
NOT_CLOSING: Final = say("{label} is {state}; a release is made while a wave is closing.")
CORRECTED: Final = say("A headcount of {label} was corrected; the result is made once more.")
UNSETTLED: Final = say("The headcount of {names} in {label} has to be settled first.")
COMBINED: Final = say("The release is not made: its numbers could be combined to tell of too few people. {offending}.")
DIFFERS: Final = say(
    "This release would tell of a few people by its difference to the one before it, so it was not made: {faults}."
)
MISSING: Final = say("People of {department} whom an earlier release counted are missing from a later one.")
ENDED: Final = say(
    "A process that worked on the result was ended (exit code {code}), perhaps because the memory of the machine was "
    "full. Nothing is lost; the result is made once more."
)
EVERY: Final = (NO_RESULT, DELETED, NOT_CLOSING, CORRECTED, UNSETTLED, COMBINED, DIFFERS, MISSING, ENDED)
