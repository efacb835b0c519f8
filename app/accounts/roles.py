"""What a member of an organisation may do there."""

from collections.abc import Mapping
from typing import Final, Literal

from app.sentences import Sentence, say

Role = Literal["owner", "consultant", "reviewer", "sponsor", "lead"]

OWNER: Final = "owner"
"""Sees and runs everything of the client, and says who else may."""

CONSULTANT: Final = "consultant"
"""Sees and runs everything of the client."""

REVIEWER: Final = "reviewer"
"""Of the client: reads the comments of closed waves and decides on them, and sees nothing else."""

SPONSOR: Final = "sponsor"
"""Of the client: sees the results that were shared, whole, and nothing else."""

LEAD: Final = "lead"
"""Of the client: sees of the results that were shared the organisation and their own department, and nothing else."""

LESS: Final[Mapping[str, frozenset[str]]] = {
    OWNER: frozenset({CONSULTANT, REVIEWER, SPONSOR, LEAD}),
    CONSULTANT: frozenset({REVIEWER, SPONSOR, LEAD}),
    SPONSOR: frozenset({LEAD}),
}
"""The roles in which somebody sees less than in this one, and nothing more."""

RUNNING: Final = frozenset({OWNER, CONSULTANT})
"""Who runs a client."""

SHOWN_RESULTS: Final = frozenset({OWNER, CONSULTANT, SPONSOR, LEAD})
"""Who sees results that were shared."""

NAMES: Final[Mapping[Role, Sentence]] = {
    "owner": say("Owner"),
    "consultant": say("Consultant"),
    "reviewer": say("Reviewer of comments"),
    "sponsor": say("Sponsor"),
    "lead": say("Department lead"),
}
MEANINGS: Final[Mapping[Role, Sentence]] = {
    "owner": say("Runs everything, and says who else may."),
    "consultant": say("Runs everything of this client."),
    "reviewer": say("Reads what people wrote and decides what is published; sees nothing else."),
    "sponsor": say("Sees the results that are shared, and the report."),
    "lead": say("Sees of the results that are shared the organisation and their own department."),
}
