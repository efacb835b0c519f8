"""What can go wrong, in words for the person who reads them. One handler turns each into a page (web/failures.py)."""

from app.sentences import say

NOWHERE = say("There is nothing at this address.")
UNCLEAR = say("It is not clear what to do. Use one of the buttons of this page.")

# Whoever answers can meet these, although they are raised far below the pages of the survey.
CLOSED_MEANWHILE = say("This survey has closed, so the answers were not sent. Nothing of them was kept.")
PUT_AWAY = say(
    "This has been put away by those who run it, so nothing is taken at the moment. What was sent before is safe."
)
OTHER_QUESTIONNAIRE = say(
    "The questionnaire {key} {version} is not the one with which this survey opened, so it is not asked. What was sent "
    "is safe. Tell whoever gave you this address."
)
NO_QUESTIONNAIRE = say(
    "The questionnaire with which this survey opened is not there any more, so it cannot be asked. What was sent is "
    "safe. Tell whoever gave you this address."
)


class PlumblineError(Exception):
    """A refusal with a sentence that names the thing and says what to do. `status` is the HTTP status it becomes."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFoundError(PlumblineError):
    """There is no such thing for this person. Strangers get this too, so that they learn nothing."""

    status = 404

    def __init__(self, message: str = NOWHERE) -> None:
        super().__init__(message)


class SignInNeededError(NotFoundError):
    """Nobody is signed in; the page offers to sign in and keeps what was typed."""


class ConflictError(PlumblineError):
    """The thing is in a state that does not allow this."""

    status = 409


class InvalidError(PlumblineError):
    """What was sent cannot be used. `fields` maps a field's name to its sentence."""

    status = 422

    def __init__(self, message: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class TooLargeError(PlumblineError):
    """A file is larger than fits; the message says how large one may be."""

    status = 413


class TooManyError(PlumblineError):
    """Too many attempts; the message says when to try again."""

    status = 429


class GoneError(PlumblineError):
    """The thing was there and is closed or spent."""

    status = 410


class UnavailableError(PlumblineError):
    """Something outside the program is missing; the message names it and what to do."""

    status = 503


class SettingError(PlumblineError):
    """A setting is wrong or missing; the message names it. The service does not start."""
