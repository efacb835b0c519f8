"""Gathers what the pages of the review show. Each runs a fixed number of statements."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.access import Member
from app.answers import masking
from app.clients import queries as clients
from app.comments import queries, service, views
from app.comments.audit import STATEMENT
from app.comments.compose import K_THEMES
from app.comments.queries import Review
from app.comments.ruling import Ruling
from app.jobs import queries as jobs
from app.jobs.queries import JobFacts
from app.jobs.service import ABANDONED, GIVEN_UP
from app.releases import store, supplement
from app.sentences import Sentence, recalled, say
from app.waves import instruments, languages
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.web.views import View
from surveys.translations import spoken_questions

KEYS: Final = {"publish": "s", "themes": "t", "withhold": "w"}
DECIDED: Final[Mapping[str, Sentence]] = {
    "": say("Not decided"),
    "publish": say("May be shown"),
    "themes": say("Theme only"),
    "withhold": say("Withheld"),
}
# What the worker can have written down when it could not publish.
PROBLEMS: Final = (service.NO_RESULT, service.UNDECIDED, service.FAULTS, ABANDONED, GIVEN_UP)
UNDER_WAY: Final = ("waiting", "running")


def queue(session: Session, member: Member, wave_id: UUID, *, language: str) -> View:
    """All comments of a wave under review, or why there is nothing to review. The questions are in the language of the
    reader where the wave asked in it."""
    wave = waves.wave(session, member.organisation_id, wave_id)
    place = _place(session, member, wave)
    found = _under_review(session, wave)
    if not found:
        return views.WaitingPage(place, *_nothing(wave))
    if not service.may_read(session, organisation_id=member.organisation_id, role=member.role):
        readers = tuple(one.name for one in service.reviewers(session, member.organisation_id))
        return views.HandedOverPage(place, readers, _decided(found), len(found))
    told = supplement.latest_of_wave(session, member.organisation_id, wave_id)
    release = store.latest(session, member.organisation_id, wave_id)
    job = jobs.job(session, kind=service.KIND, subject_id=wave_id)
    names = _names(session, found)
    return views.QueuePage(
        place=place,
        state=_state(job, found, told, release_id=None if release is None else release.id),
        decided=_decided(found),
        count=len(found),
        k=wave.policy.k_comments,
        k_themes=K_THEMES,
        groups=tuple(_groups(service.in_order(found, member.user_id), names, _questions(session, wave, language))),
        published=None if told is None else _published(told),
        problem=recalled(job.error, PROBLEMS) if job and job.error else "",
    )


def following(session: Session, member: Member, wave_id: UUID, *, after: UUID | None) -> Review | None:
    """The next comment for this member to decide on. NotFoundError for a wave that is not the organisation's."""
    found = _under_review(session, waves.wave(session, member.organisation_id, wave_id))
    return service.following(found, member.user_id, after=after)


def comment(
    session: Session,
    member: Member,
    wave_id: UUID,
    comment_id: UUID,
    *,
    language: str,
    typed: Ruling | None = None,
    errors: Mapping[str, str] | None = None,
    replaced: str = "",
) -> views.CommentPage:
    """One comment, with what was typed when it has to be sent again. NotFoundError when there is none of that id."""
    wave = waves.wave(session, member.organisation_id, wave_id)
    this = queries.review(session, organisation_id=member.organisation_id, wave_id=wave_id, comment_id=comment_id)
    found = queries.reviews(session, organisation_id=member.organisation_id, wave_id=wave_id)
    told = supplement.latest_of_wave(session, member.organisation_id, wave_id)
    text = typed.text if typed and typed.text is not None else this.body
    return views.CommentPage(
        place=_place(session, member, wave),
        comment_id=comment_id,
        question=_questions(session, wave, language)[this.question],
        decided_count=_decided(found),
        count=len(found),
        pieces=masking.pieces(this.body),
        text=text,
        open="text" in (errors or {}),
        removed=any(mask for _, mask in masking.pieces(this.masked)),
        themes_only=this.themes_only,
        theme=typed.theme if typed else this.theme,
        themes=tuple(sorted({one.theme for one in found if one.theme and one.question == this.question})),
        frozen=told is not None,
        decision=this.decision,
        decided=DECIDED[this.decision],
        by=_names(session, [this]).get(this.user_id, ""),
        replaced=DECIDED.get(replaced, "") if replaced else "",
        seen=typed.seen if typed else service.stamp(this),
        choices=tuple(views.Choice(one, service.DECISIONS[one], KEYS[one]) for one in service.offered(this, told=told)),
        errors=dict(errors or {}),
    )


def of_organisation(session: Session, member: Member) -> views.WavesPage:
    """The waves that ask for comments, the newest first, with how far their review is."""
    progress = queries.progress(session, organisation_id=member.organisation_id)
    every = [one for one in waves.waves(session, member.organisation_id) if one.policy.comments]
    lines = tuple(_wave_line(one, *progress.get(one.id, (0, 0))) for one in every)
    return views.WavesPage(clients.organisation(session, member.organisation_id), lines)


def _wave_line(wave: WaveView, decided: int, count: int) -> views.WaveLine:
    readable = wave.finished and count > 0
    state = say("{decided} of {count} decided", decided=decided, count=count) if readable else _nothing(wave)[0]
    return views.WaveLine(wave.id, wave.label, state, readable)


def _under_review(session: Session, wave: WaveView) -> tuple[Review, ...]:
    """The comments of a wave once it is closed. They are prepared a moment before, and wait for its result."""
    return queries.reviews(session, organisation_id=wave.organisation_id, wave_id=wave.id) if wave.finished else ()


def _place(session: Session, member: Member, wave: WaveView) -> views.Place:
    organisation = clients.organisation(session, member.organisation_id)
    return views.Place(member.organisation_id, organisation.name, wave.id, wave.label, member.runs_it)


def _nothing(wave: WaveView) -> tuple[str, str]:
    if not wave.policy.comments:
        return say("This wave did not ask for comments"), say("Whether it does is chosen while a wave is a draft.")
    if wave.deleted_at is not None:
        return say("The comments of this wave were deleted"), say("Their time was over. What was published stays.")
    if not wave.finished:
        return (
            say("Comments are reviewed when the wave is closed"),
            say("Until then nobody can read them, and nobody is told how many there are."),
        )
    return say("Nobody wrote a comment"), say("There is nothing to review.")


def _state(
    job: JobFacts | None,
    found: Sequence[Review],
    told: supplement.StoredSupplement | None,
    *,
    release_id: UUID | None,
) -> str:
    if job is not None and job.state in UNDER_WAY:
        return "making"
    if _decided(found) < len(found):
        return "decide"
    if release_id is not None and not service.is_news(told, found, release_id):
        return "published"
    if job is not None and job.state == "failed":
        return "failed"
    return "again" if told is not None and told.release_id != release_id else "publish"


def _decided(found: Iterable[Review]) -> int:
    return sum(bool(one.decision) for one in found)


def _names(session: Session, found: Iterable[Review]) -> dict[UUID | None, str]:
    """Who decided, by id: a statement for each person, and there are few."""
    users = {one.user_id: accounts.user(session, one.user_id) for one in found if one.user_id is not None}
    return {user_id: user.name if user else say("somebody") for user_id, user in users.items()}


def _questions(session: Session, wave: WaveView, language: str) -> Mapping[str, str]:
    """The questions by id, as somebody read them who answered in this language, else as they were written."""
    offered = languages.offered(session, wave, instruments.asked(session, wave))
    return {one.id: one.text for one in spoken_questions(offered.get(language))}


def _groups(
    found: Sequence[Review], names: Mapping[UUID | None, str], questions: Mapping[str, str]
) -> Iterator[views.Group]:
    for question, text in questions.items():
        here = [one for one in found if one.question == question]
        themes = Counter(one.theme for one in here if one.theme and one.decision in ("publish", "themes"))
        lines = tuple(_line(one, names) for one in sorted(here, key=lambda one: bool(one.decision)))
        if lines:
            yield views.Group(text, lines, tuple(themes.most_common()))


def _line(one: Review, names: Mapping[UUID | None, str]) -> views.Line:
    return views.Line(
        comment_id=one.comment_id,
        pieces=masking.pieces(one.body),
        decision=one.decision,
        decided=DECIDED[one.decision],
        theme=one.theme,
        themes_only=one.themes_only,
        by=names.get(one.user_id, ""),
    )


def _published(told: supplement.StoredSupplement) -> views.Published:
    certificate = told.document.certificate
    return views.Published(told.number, told.sha256, certificate.shown, recalled(certificate.statement, (STATEMENT,)))
