"""Deletions in words, for the page and for the command line."""

from collections.abc import Mapping
from typing import Final

from app.retention import service
from app.retention.queries import DeletionFacts
from app.retention.views import DeletionLine
from app.sentences import Listing, Sentence, recalled, say, say_count

BY_ITSELF: Final = say("The service, by itself")
FEWEST: Final = 10
# With 0 in place of how many.
NAMES: Final[Mapping[str, Sentence]] = {
    "act": say_count("{n} entry of the log", "{n} entries of the log", 0),
    "answer_sheet": say_count("{n} answer sheet", "{n} answer sheets", 0),
    "assessment": say_count("{n} assessment", "{n} assessments", 0),
    "comment": say_count("{n} comment", "{n} comments", 0),
    "comment_review": say_count("{n} comment under review", "{n} comments under review", 0),
    "autonomy_policy": say_count("{n} version of thresholds", "{n} versions of thresholds", 0),
    "client_document": say_count("{n} document", "{n} documents", 0),
    "client_document_version": say_count("{n} version of a document", "{n} versions of documents", 0),
    "client_logo": say_count("{n} logo", "{n} logos", 0),
    "comparison": say_count("{n} comparison of two waves", "{n} comparisons of two waves", 0),
    "comparison_ledger": say_count("{n} ledger of a comparison", "{n} ledgers of comparisons", 0),
    "control_attestation": say_count("{n} attested control", "{n} attested controls", 0),
    "decision_record": say_count("{n} decision record", "{n} decision records", 0),
    "counsel_note": say_count("{n} note of counsel", "{n} notes of counsel", 0),
    "department": say_count("{n} department", "{n} departments", 0),
    "draft": say_count("{n} draft", "{n} drafts", 0),
    "evidence_file": say_count("{n} file that shows a control", "{n} files that show controls", 0),
    "headcount_correction": say_count("{n} correction of a headcount", "{n} corrections of headcounts", 0),
    "invitation": say_count("{n} survey link", "{n} survey links", 0),
    "membership": say_count("{n} membership", "{n} memberships", 0),
    "person": say_count("{n} person on a list", "{n} people on lists", 0),
    "release": say_count("{n} release", "{n} releases", 0),
    "release_ledger": say_count("{n} ledger", "{n} ledgers", 0),
    "report_file": say_count("{n} report", "{n} reports", 0),
    "review_decision": say_count("{n} approval or objection", "{n} approvals and objections", 0),
    "expert_evidence": say_count("{n} file on which a rating rests", "{n} files on which ratings rest", 0),
    "expert_rating": say_count("{n} rating by an expert", "{n} ratings by experts", 0),
    "own_action": say_count("{n} action of its own", "{n} actions of its own", 0),
    "own_action_version": say_count("{n} version of its own actions", "{n} versions of its own actions", 0),
    "own_template": say_count("{n} template of its own", "{n} templates of its own", 0),
    "owner_link": say_count("{n} link for who answers for a workflow", "{n} links for who answer for workflows", 0),
    "review_link": say_count("{n} review link", "{n} review links", 0),
    "plan_calendar": say_count("{n} link to the plan as a calendar", "{n} links to the plan as a calendar", 0),
    "plan_frame": say_count("{n} number of hours of a plan", "{n} numbers of hours of plans", 0),
    "plan_record": say_count("{n} plan record", "{n} plan records", 0),
    "planned_action": say_count("{n} action of the plan", "{n} actions of the plan", 0),
    "planned_action_version": say_count("{n} version of an action", "{n} versions of actions", 0),
    "report_delivery": say_count("{n} mailed link to files", "{n} mailed links to files", 0),
    "report_schedule": say_count("{n} schedule of files", "{n} schedules of files", 0),
    "report_look": say_count("{n} look of reports", "{n} looks of reports", 0),
    "room": say_count("{n} room", "{n} rooms", 0),
    "shared_link": say_count("{n} read-only link", "{n} read-only links", 0),
    "supplement": say_count("{n} supplement", "{n} supplements", 0),
    "wave": say_count("{n} wave", "{n} waves", 0),
    "work_country": say_count("{n} list of countries", "{n} lists of countries", 0),
    "workflow": say_count("{n} workflow", "{n} workflows", 0),
    "workflow_version": say_count("{n} version of a workflow", "{n} versions of workflows", 0),
}
# How many people answered or wrote is not counted out where they are few.
FEW: Final[Mapping[str, Sentence]] = {
    "answer_sheet": say("fewer than {fewest} answer sheets"),
    "comment": say("fewer than {fewest} comments"),
    "comment_review": say("fewer than {fewest} comments under review"),
    "draft": say("fewer than {fewest} drafts"),
}
WHAT: Final[Mapping[str, Sentence]] = {
    "answers": say("The answers of {wave}"),
    "roster": say("The list of people of {wave}"),
    "person": say("One person's entries in the lists of people"),
    "client": say("The whole client"),
    "acts": say("Old entries of the log of who did what"),
}
REASONS: Final = (
    service.TIME_OVER,
    service.CANCELLED,
    service.ON_THE_LINKS,
    service.ON_THE_PEOPLE,
    service.END_OF_CONTRACT,
    service.LOG_IS_OLD,
)


def what(record: DeletionFacts) -> str:
    """What was deleted: The answers of 2026-Q3."""
    return WHAT[record.what].filled({"wave": record.wave_label})


def reason(record: DeletionFacts) -> str:
    """Why. The record keeps the English sentence, which is said again where it is one that we know."""
    return recalled(record.reason, REASONS)


def counts(record: DeletionFacts) -> str:
    """How many of what, for the tables that a reader knows; few answers are not counted out."""
    told = [_count(table, n) for table, n in sorted(record.counts.items()) if n and table in NAMES]
    return Listing(told) if told else say("nothing was stored")


def _count(table: str, n: int) -> Sentence:
    if table in FEW and n < FEWEST:
        return FEW[table].filled({"fewest": FEWEST})
    return NAMES[table].filled({"n": n})


def told(line: DeletionLine) -> str:
    """A deletion on one line, for the command line."""
    how_much = line.counts if line.done else "under way"
    return f"{line.at:%Y-%m-%d %H:%M} UTC  {line.organisation}: {line.what} ({how_much}); {line.reason}; by {line.by}"
