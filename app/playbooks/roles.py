"""The roles that do what a plan says: told to staff of a client too, in whose languages there are words for them."""

from collections.abc import Mapping
from typing import Final

from app.sentences import Sentence, say

ROLES: Final[Mapping[str, Sentence]] = {
    "lead": say("Department lead"),
    "sponsor": say("Sponsor"),
    "process": say("Process owner"),
    "champion": say("Colleague who helps others"),
    "consultant": say("Consultant"),
    "it": say("IT service owner"),
    "security": say("Information security"),
    "risk": say("Risk and compliance"),
    "privacy": say("Data protection officer"),
    "counsel": say("Legal counsel"),
    "hr": say("HR partner"),
    "learning": say("Learning and development"),
    "works": say("Staff representatives"),
    "controller": say("Finance controller"),
    "procurement": say("Procurement lead"),
    "audit": say("Internal audit"),
    "comms": say("Communications"),
}
