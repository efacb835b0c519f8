"""What the worker does with comments: prepares them for review when a wave closes, and makes the supplement."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.answers import masking
from app.answers.comments import Placed, places, take_words
from app.comments import queries
from app.comments.audit import audit, certified
from app.comments.compose import K_THEMES, Decided, compose
from app.comments.queries import Review
from app.comments.service import FAULTS, NO_RESULT, UNDECIDED, is_news
from app.db import Database
from app.errors import ConflictError
from app.invitations import queries as invitations
from app.releases import store, supplement
from app.releases.document.release import Release
from app.releases.supplement import StoredSupplement, Supplement, SupplementCertificate
from app.rosters import queries as rosters
from app.waves import queries as waves
from surveys.comments import QUESTIONS

UNCHECKED = SupplementCertificate(statement="", shown=0, smallest_comments=None, smallest_respondents=None)


def propose(database: Database, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Takes the comments of a closing wave out of the vault, masked, for review; what they were before is then gone.

    Does nothing when it was done, or nobody wrote. The names are those of the wave's roster as it is now.
    """
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    with database.writing() as session:
        if not waves.wave(session, organisation_id, wave_id).policy.comments:
            return
        departments = waves.wave_departments(session, organisation_id, wave_id)
        roster = (*invitations.references(session, **place), *rosters.names(session, **place))
        names = masking.name_parts(roster, not_names=[one.name for one in departments])
        rows = []
        for one in take_words(session, **place):
            masked = masking.mask(one.body, names).text
            facts = {"comment_id": one.id, "question": one.question, "themes_only": one.themes_only}
            rows.append({**place, **facts, "masked": masked, "body": masked, "decision": "", "theme": ""})
        queries.add(session, rows)


def make_supplement(database: Database, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Composes, audits and stores the next supplement of the wave's newest release, in one transaction.

    Does nothing when no decision is newer than the last one. ConflictError while a decision is missing, or when the
    audit finds that comments could be told apart; its sentences name what.
    """
    with database.writing() as session:
        release = store.latest(session, organisation_id, wave_id)
        if release is None:
            raise ConflictError(NO_RESULT)
        found = queries.reviews(session, organisation_id=organisation_id, wave_id=wave_id, lock=True)
        if not found or any(not one.decision for one in found):
            raise ConflictError(UNDECIDED)
        before = supplement.latest_of_wave(session, organisation_id, wave_id)
        if not is_news(before, found, release.id):
            return
        made = _compose(session, release, found, before)
        supplement.store(
            session, made, organisation_id=organisation_id, wave_id=wave_id, release_id=release.id, now=now
        )


def _compose(
    session: Session, release: store.StoredRelease, found: tuple[Review, ...], before: StoredSupplement | None
) -> Supplement:
    document, earlier = release.document, before.document if before else None
    k = waves.wave(session, release.organisation_id, release.wave_id).policy.k_comments
    placed = places(session, organisation_id=release.organisation_id, wave_id=release.wave_id)
    decided = _decided(placed, {one.comment_id: one for one in found})
    told = {one.question: one for one in earlier.questions} if earlier else {}
    made = Supplement(
        schema=supplement.SCHEMA,
        number=before.number + 1 if before and before.release_id == release.id else 1,
        release_number=document.number,
        release_sha256=release.sha256,
        wave=document.wave.label,
        k=k,
        k_themes=K_THEMES,
        questions=tuple(
            compose(document, one, decided.get(one.id, ()), k=k, earlier=told.get(one.id)) for one in QUESTIONS
        ),
        certificate=UNCHECKED,
    )
    _require_clean(made, document, placed, earlier)
    return certified(made)


def _decided(placed: tuple[Placed, ...], found: Mapping[UUID, Review]) -> dict[str, list[Decided]]:
    """The comments by question, each with its department and with what of it may be told."""
    by_question: dict[str, list[Decided]] = {}
    for one in placed:
        by_question.setdefault(one.question, []).append(_told(one, found.get(one.id)))
    return by_question


def _told(place: Placed, review: Review | None) -> Decided:
    if review is None or review.decision == "withhold":
        return Decided(department=place.department, text=None, theme="")
    # Once more, so that a pattern that was added after the close takes effect.
    shown = review.decision == "publish" and not review.themes_only
    text = masking.mask(review.body).text if shown else None
    return Decided(department=place.department, text=text, theme=review.theme)


def _require_clean(made: Supplement, release: Release, placed: tuple[Placed, ...], earlier: Supplement | None) -> None:
    written = {question: Counter(departments) for question, departments in _by_question(placed)}
    if faults := audit(made, release, written, earlier=earlier):
        # Not the sentences themselves: they name groups and themes, and the worker writes this to its log.
        raise ConflictError(FAULTS.filled({"faults": len(faults)}))


def _by_question(placed: tuple[Placed, ...]) -> Iterator[tuple[str, list[str]]]:
    for asked in QUESTIONS:
        yield asked.id, [one.department for one in placed if one.question == asked.id]
