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
HANGING: Final = say(
    "A process that worked on the result was not done after {minutes} minutes, so it was ended. Nothing is lost; the "
    "result is made once more."
)
MEANWHILE: Final = say("Something else was told of {label} meanwhile; it is tried once more.")
EVERY: Final = (
    NO_RESULT,
    DELETED,
    NOT_CLOSING,
    CORRECTED,
    UNSETTLED,
    COMBINED,
    DIFFERS,
    MISSING,
    ENDED,
    HANGING,
    MEANWHILE,
)

NOT_SAFE: Final = say(
    "These two waves are not compared: together with what was told of them before, the differences could be combined "
    "to tell of too few people."
)
GONE: Final = say("The answers of {label} were deleted, as was promised, so that wave is compared with no other.")
NO_LEDGER: Final = say("{label} was released before there was a record of what a release tells, so it is not compared.")
WHY_NOT_COMPARED: Final = (NOT_SAFE, GONE, NO_LEDGER)
