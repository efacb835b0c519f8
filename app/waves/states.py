"""What the states and forms of waves are called on pages."""

from typing import Final

from app.sentences import say

STATES: Final = {
    "draft": say("Not open yet"),
    "open": say("Open"),
    "paused": say("Paused"),
    "closing": say("Result being made"),
    "closed": say("Closed"),
    "shared": say("Shared"),
    "cancelled": say("Cancelled"),
}
FORM_NAMES: Final = {"full": say("Full questionnaire"), "pulse": say("Pulse")}
