"""Gathers what the pages of the papers show. Each runs a fixed number of statements."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.approval import queries as approval
from app.approval import service as links
from app.explore.headline import headline
from app.explore.heatmap import heatmap
from app.explore.looking import looking
from app.mail import letter
from app.mail import service as planned
from app.mail.queries import PlanFacts
from app.mail.sending import to_nobody
from app.mail.words import WORDED
from app.papers import questions, views
from app.papers.sample import sample
from app.papers.service import Reading
from app.sentences import Listing, Passage, Sentence, say
from app.waves import approvals, languages
from app.waves.promise import Line, Promise
from app.waves.queries import WaveView
from app.web.speech import speech
from surveys.languages import LANGUAGES, Language
from surveys.model import Instrument, PageText
from surveys.translations import Translation, spoken, spoken_questions


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


def questionnaire(session: Session, reading: Reading, language: str) -> views.QuestionnairePage:
    """Every question, in the language of the reader where the wave asks in it."""
    instrument, translation = _in(session, reading, language)
    asked = spoken_questions(translation) if reading.papers.wave.policy.comments else ()
    return views.QuestionnairePage(
        reading,
        instrument,
        Passage(_spoken(session, reading, translation, language)),
        questions.sections(reading.papers, instrument, choosing=_choosing(instrument)),
        asked,
        LANGUAGES[instrument.language],
        _offered(session, reading),
    )


def promise(session: Session, reading: Reading, language: str) -> views.PromisePaper:
    """The promise as respondents read it in that language, where the wave asks in it."""
    offered = _offered(session, reading)
    words = LANGUAGES[language] if LANGUAGES[language] in offered else offered[0]
    return views.PromisePaper(reading, _said(reading.papers.promise, words), words, offered)


def mails(session: Session, reading: Reading, language: str, *, sent: views.Sent, now: datetime) -> views.MailsPaper:
    """The mails as somebody without a name gets them, in the language of the reader where the wave offers it."""
    wave = reading.papers.wave
    tags = languages.offered(session, wave, reading.papers.instrument)
    spoken = language if language in tags else next(iter(tags))
    plan = planned.plan_of(session, wave, now=now)
    told = (_mail(session, plan, wave, kind, spoken, sent) for kind in WORDED)
    texts = () if wave.policy.mode == "anonymous" else tuple(told)
    return views.MailsPaper(reading, plan.sender, LANGUAGES[spoken], tuple(LANGUAGES[tag] for tag in tags), texts)


def _mail(
    session: Session, plan: PlanFacts, wave: WaveView, kind: str, language: str, sent: views.Sent
) -> views.MailText:
    page = to_nobody(
        session,
        plan,
        wave,
        kind=kind,
        language=language,
        link=f"{sent.base_url}/r/…",
        stop=f"{sent.base_url}/stop/…",
        from_address=sent.address,
        results=f"{sent.base_url}/told/…",
    )
    return views.MailText(planned.NAMES[kind], page.subject, letter.render(page, language, as_text=True))


def assessment(session: Session, reading: Reading, language: str) -> views.AssessmentPaper:
    """The draft of the impact assessment, with the decisions that were recorded so far."""
    decisions = approvals.of_papers(session, reading.papers)
    instrument, _ = _in(session, reading, language)
    return views.AssessmentPaper(reading, instrument, tuple(one for one in decisions if one.newest))


def information(session: Session, reading: Reading, language: str) -> views.InformationPaper:
    """What the works council reads of the survey: how many questions, for how long, about what."""
    count, minutes = questions.length(reading.papers)
    instrument, _ = _in(session, reading, language)
    names = tuple(dimension.name for dimension in instrument.dimensions)
    return views.InformationPaper(reading, minutes, count, names)


def sample_report(session: Session, reading: Reading, language: str) -> views.SamplePaper:
    """How a result will look: a release of made-up numbers with the dimensions that this wave asks about."""
    made = sample(_in(session, reading, language)[0])
    return views.SamplePaper(reading, headline(made), heatmap(made, looking(made)), made.dimensions)


def _offered(session: Session, reading: Reading) -> tuple[Language, ...]:
    """The languages in which people of the wave answer."""
    papers = reading.papers
    return tuple(LANGUAGES[tag] for tag in languages.offered(session, papers.wave, papers.instrument))


def _said(promised: Promise, words: Language) -> Promise:
    """The promise in the words of a language, whatever the page speaks around it."""
    speak = speech(words.tag)

    def said(one: Sentence) -> Sentence:
        return Sentence(str(speak.say(one)))

    def lines(some: Iterable[Line]) -> tuple[Line, ...]:
        return tuple(Line(said(one.heading), said(one.text)) for one in some)

    return Promise(
        seen=lines(promised.seen),
        kept=lines(promised.kept),
        before_sending=said(promised.before_sending),
        afterwards=said(promised.afterwards),
    )


def _choosing(instrument: Instrument) -> PageText:
    """The heading of the page before more workflows than one person rates, in the language of the questionnaire."""
    speak, words = speech(instrument.language), questions.CHOOSING_PAGE
    return PageText(str(speak.say(words.title)), str(speak.say(words.stem)) if words.stem else "")


def _in(session: Session, reading: Reading, language: str) -> tuple[Instrument, Translation | None]:
    """The questionnaire as somebody of the wave who answers in this language is asked it; at most one statement.

    Where the wave does not ask in it: as it was written. A translation never changes once its version is published, so
    the hash of the questionnaire in that of the papers stands for its translations too.
    """
    papers = reading.papers
    translation = languages.offered(session, papers.wave, papers.instrument).get(language)
    return spoken(papers.instrument, translation), translation


def _spoken(session: Session, reading: Reading, translation: Translation | None, language: str) -> Iterator[Sentence]:
    """In which languages people answer, and which words stand on the page."""
    papers = reading.papers
    tags = languages.offered(session, papers.wave, papers.instrument)
    yield say("People can answer in: {languages}.", languages=Listing(LANGUAGES[tag].name for tag in tags))
    if language not in tags:
        yield say("This page has the words in which the questionnaire was written.")
    elif translation is not None:
        read = len(translation.texts) - len(translation.unreviewed())
        yield say("This page has the words of the translation.")
        yield (
            say("Somebody has marked all of it as reviewed.")
            if read == len(translation.texts)
            else say(
                "It was made by a machine; {read} of {texts} texts are marked as reviewed.",
                read=read,
                texts=len(translation.texts),
            )
        )
