"""Gathers what the pages of the papers show. Each runs a fixed number of statements."""

from uuid import UUID

from sqlmodel import Session

from app.approval import queries as approval
from app.approval import service as links
from app.explore.headline import headline
from app.explore.heatmap import heatmap
from app.papers import questions, views
from app.papers.sample import sample
from app.papers.service import Reading
from app.waves import approvals
from surveys.comments import QUESTIONS


def console(
    session: Session, organisation_id: UUID, wave_id: UUID, *, link_key: bytes, base_url: str
) -> views.ConsolePage:
    """The review links of a wave and every decision."""
    about = approvals.papers(session, organisation_id, wave_id)
    decisions = approvals.of_papers(session, about)
    return views.ConsolePage(
        organisation=about.organisation,
        wave=about.wave,
        lines=tuple(
            views.link_line(link, f"{base_url}/review/{links.token_of(link, link_key)}", decisions)
            for link in approval.links(session, organisation_id, wave_id)
        ),
        decisions=decisions,
        making=about.wave.state in ("draft", "open"),
    )


def start(session: Session, reading: Reading) -> views.StartPage:
    """What a reader finds behind their link; of the decisions only those taken with it."""
    count, minutes = questions.length(reading.papers)
    decisions = approvals.of_papers(session, reading.papers)
    return views.StartPage(
        reading=reading,
        minutes=minutes,
        questions=count,
        decisions=tuple(one for one in decisions if one.link_id == reading.link.id),
        deciding=reading.papers.wave.state == "draft",
    )


def questionnaire(reading: Reading) -> views.QuestionnairePage:
    """Every question."""
    asked = QUESTIONS if reading.papers.wave.policy.comments else ()
    return views.QuestionnairePage(reading, questions.sections(reading.papers), asked)


def assessment(session: Session, reading: Reading) -> views.AssessmentPaper:
    """The draft of the impact assessment, with the decisions that were recorded so far."""
    decisions = approvals.of_papers(session, reading.papers)
    return views.AssessmentPaper(reading, tuple(one for one in decisions if one.newest))


def information(reading: Reading) -> views.InformationPaper:
    """The information sheet."""
    count, minutes = questions.length(reading.papers)
    names = tuple(dimension.name for dimension in reading.papers.instrument.dimensions)
    return views.InformationPaper(reading, minutes, count, names)


def sample_report(reading: Reading) -> views.SamplePaper:
    """The sample."""
    made = sample(reading.papers.instrument)
    return views.SamplePaper(reading, headline(made), heatmap(made, "scores"), made.dimensions)
