"""Gathers the page that says how a result protects people, and what it was made from."""

from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import NotFoundError
from app.explore.views import Again, CertificatePage, Edition, Place
from app.releases import service, store
from app.releases.document import attested, words
from app.releases.translated import translated, words_of
from app.sentences import say
from app.waves import approvals
from app.waves import queries as waves
from app.waves.queries import WaveView
from surveys.languages import LANGUAGES

DELETED = say("The answers of this wave were deleted, as was promised. Its result stays.")


def certificate(session: Session, organisation_id: UUID, wave_id: UUID, *, problem: str = "") -> CertificatePage:
    """The certificate of a wave's newest release; `problem` says why it could not be made again."""
    editions = store.of_wave(session, organisation_id, wave_id)
    if not editions:
        raise NotFoundError
    facts = clients.organisation(session, organisation_id)
    wave = waves.wave(session, organisation_id, wave_id)
    newest = translated(editions[0].document, words_of(session, editions[0]))
    return CertificatePage(
        place=Place(organisation_id, facts.name, wave_id, newest.wave.label),
        facts=newest.wave,
        certificate=newest.certificate,
        checked=attested.checked(newest),
        policy=newest.policy,
        promise=approvals.promise_of(wave, facts, small=True).seen,
        approvals=newest.approvals,
        languages=attested.languages(newest, names={tag: one.name for tag, one in LANGUAGES.items()}),
        editions=tuple(
            Edition(one.number, one.made_at, words.OCCASION_WORDS[one.document.occasion], one.sha256)
            for one in editions
        ),
        time_zone=facts.time_zone,
        again=_again(session, wave, problem),
    )


def _again(session: Session, wave: WaveView, problem: str) -> Again:
    if wave.deleted_at is not None:
        return Again({}, closed_for_good=DELETED)
    work = service.under_way(session, wave.id)
    if work is None or problem:
        return Again(service.OCCASIONS, problem=problem)
    if work.state == "failed":
        return Again(service.OCCASIONS, problem=service.failure(work.error or ""))
    return Again({}, waiting=True)
