"""Deletions in words, for the page and for the command line."""

from collections.abc import Mapping
from typing import Final

from app.retention.queries import DeletionFacts
from app.retention.views import DeletionLine

BY_ITSELF: Final = "The service, by itself"
FEWEST: Final = 10
FEW_ARE_NOT_COUNTED: Final = frozenset({"answer_sheet", "comment", "comment_review", "draft"})
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "answer_sheet": ("answer sheet", "answer sheets"),
    "assessment": ("assessment", "assessments"),
    "comment": ("comment", "comments"),
    "comment_review": ("comment under review", "comments under review"),
    "department": ("department", "departments"),
    "draft": ("draft", "drafts"),
    "headcount_correction": ("correction of a headcount", "corrections of headcounts"),
    "invitation": ("survey link", "survey links"),
    "membership": ("membership", "memberships"),
    "release": ("release", "releases"),
    "release_ledger": ("ledger", "ledgers"),
    "report_file": ("report", "reports"),
    "review_decision": ("approval or objection", "approvals and objections"),
    "review_link": ("review link", "review links"),
    "supplement": ("supplement", "supplements"),
    "wave": ("wave", "waves"),
}
WHAT: Final[Mapping[str, str]] = {
    "answers": "The answers of {wave}",
    "roster": "The list of people of {wave}",
    "person": "One person's entries in the lists of people",
    "client": "The whole client",
}


def what(record: DeletionFacts) -> str:
    """What was deleted: The answers of 2026-Q3."""
    return WHAT[record.what].format(wave=record.wave_label)


def counts(record: DeletionFacts) -> str:
    """How many of what, for the tables that a reader knows; few answers are not counted out."""
    told = [_count(table, n) for table, n in sorted(record.counts.items()) if n and table in NAMES]
    return ", ".join(told) or "nothing was stored"


def _count(table: str, n: int) -> str:
    one, many = NAMES[table]
    if table in FEW_ARE_NOT_COUNTED and n < FEWEST:
        return f"fewer than {FEWEST} {many}"
    return f"{n:,} {one if n == 1 else many}"


def told(line: DeletionLine) -> str:
    """A deletion on one line, for the command line."""
    how_much = line.counts if line.done else "under way"
    return f"{line.at:%Y-%m-%d %H:%M} UTC  {line.organisation}: {line.what} ({how_much}); {line.reason}; by {line.by}"
