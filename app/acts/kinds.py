"""What can be noted: for each kind of act the group it belongs to and the words in which it is told."""

from collections.abc import Mapping
from typing import Final

from app.sentences import Sentence, say

GROUPS: Final[Mapping[str, Sentence]] = {
    "client": say("Client and departments"),
    "access": say("People with access"),
    "wave": say("Assessments and waves"),
    "links": say("Links, lists of people and mails"),
    "result": say("Results and comments"),
    "questionnaire": say("Questionnaires"),
    "download": say("Downloads"),
    "deletion": say("Deletions"),
}
"""The part of a kind before its dot, in words."""

KINDS: Final[Mapping[str, Sentence]] = {
    "client.made": say("Made the client"),
    "client.department_added": say("Added a department"),
    "client.department_changed": say("Changed a department"),
    "client.department_closed": say("Closed a department"),
    "client.departments_imported": say("Imported departments"),
    "client.pool_renamed": say("Renamed a pool of departments"),
    "client.pool_dissolved": say("Dissolved a pool of departments"),
    "client.pools_accepted": say("Pooled departments as the forecast proposed"),
    "access.reviewer_named": say("Named a reviewer of comments"),
    "access.link_made": say("Made a link to sign in for the first time"),
    "access.reviewer_removed": say("Removed a reviewer of comments"),
    "wave.planned": say("Planned an assessment"),
    "wave.promised": say("Chose what people are promised"),
    "wave.languages": say("Chose the languages"),
    "wave.opened": say("Opened the wave"),
    "wave.ended": say("Ended the wave"),
    "wave.told": say("Wrote whom to ask and where results will be"),
    "wave.retried": say("Had the result tried again"),
    "wave.headcount": say("Corrected a headcount"),
    "wave.headcount_confirmed": say("Confirmed a headcount"),
    "wave.prepared": say("Prepared the next wave"),
    "wave.questionnaire": say("Chose the questionnaire"),
    "wave.workflows": say("Named the workflows of a department"),
    "wave.trial": say("Made a trial link, or took one back"),
    "wave.papers": say("Made a link to the papers"),
    "wave.papers_taken_back": say("Took back a link to the papers"),
    "wave.room_opened": say("Opened a room"),
    "wave.room_closed": say("Closed a room"),
    "links.changed": say("Changed links"),
    "links.shared": say("Made shared links"),
    "links.kiosk": say("Made a link for a shared device"),
    "links.counted": say("Made personal links by number"),
    "links.replaced": say("Replaced a link"),
    "links.taken_back": say("Took back a link"),
    "links.listed": say("Made personal links for the list of people"),
    "links.person_off": say("Took a person off the list"),
    "links.list_sent": say("Sent a list of people to look at"),
    "links.list_read": say("Said what the columns of a list hold"),
    "links.list_discarded": say("Threw a list of people away"),
    "links.list_taken": say("Took a list of people"),
    "links.person_looked_up": say("Looked up what is stored about one person"),
    "links.mails_changed": say("Changed the plan of the mails"),
    "links.mails_started": say("Started the mails"),
    "links.mails_paused": say("Paused the mails"),
    "links.mail_worded": say("Changed the words of a mail"),
    "links.mail_tried": say("Had a test mail sent"),
    "result.made": say("Made the result"),
    "result.again": say("Had the result made once more"),
    "result.report": say("Asked for the report"),
    "result.comments": say("Asked for the comments to be published"),
    "questionnaire.copied": say("Copied a questionnaire"),
    "questionnaire.imported": say("Imported a questionnaire"),
    "questionnaire.changed": say("Changed a questionnaire"),
    "questionnaire.begun": say("Began the next version of a questionnaire"),
    "questionnaire.translated": say("Translated a questionnaire"),
    "questionnaire.published": say("Published a questionnaire"),
    "questionnaire.given_up": say("Gave up a draft of a questionnaire"),
    "questionnaire.reader": say("Made a link to read a draft, or took one back"),
    "questionnaire.settled": say("Settled a remark on a draft"),
    "download.links": say("Downloaded the links"),
    "download.poster": say("Downloaded a poster"),
    "download.posters": say("Downloaded all posters"),
    "download.client": say("Downloaded the papers of the client"),
    "download.questionnaire": say("Downloaded a questionnaire"),
    "download.release": say("Downloaded the release as JSON"),
    "download.report": say("Downloaded the report"),
    "download.person": say("Downloaded what is stored about one person"),
    "download.log": say("Downloaded this log"),
    "deletion.list": say("Deleted the list of people"),
    "deletion.person": say("Erased a person from all lists"),
    "deletion.client": say("Asked for the client to be deleted"),
    "deletion.answers": say("Deleted the answers, as promised"),
}
"""Each kind in words, as what somebody did."""


def group_of(kind: str) -> str:
    """The group of a kind."""
    return kind.partition(".")[0]
