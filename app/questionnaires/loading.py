"""Where a questionnaire comes from: the shipped files or a client's published versions. Nobody else asks either.

What was read is kept by its hash: a published version never changes, so what is kept never grows old.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar
from uuid import UUID

from sqlmodel import Session

from app.errors import NO_QUESTIONNAIRE, OTHER_QUESTIONNAIRE, ConflictError, InvalidError
from app.questionnaires import queries
from app.sentences import Sentence, adopted, say
from surveys import load
from surveys.canonical import restore, told
from surveys.model import Instrument
from surveys.reader import InstrumentError
from surveys.translations import Translation, translate

MOST_KEPT = 256
Kept = TypeVar("Kept")
NO_TRANSLATIONS: Final[Mapping[str, Translation]] = MappingProxyType({})

# Keyed by client and hash. Emptied when it is full, which no installation will see often.
_INSTRUMENTS: Final[dict[tuple[UUID, str], Instrument]] = {}
_TRANSLATIONS: Final[dict[tuple[UUID, str], Mapping[str, Translation]]] = {}


@dataclass(frozen=True, slots=True)
class Offer:
    """A questionnaire that a wave can ask, in its newest published version."""

    key: str
    name: str
    version: str
    own: bool


def asked(session: Session, organisation_id: UUID, key: str, version: str | None, sha256: str | None) -> Instrument:
    """The questionnaire of a wave: as it was frozen; until the wave opens the version chosen, or the newest one.

    At most two statements, and none for a shipped questionnaire or one that was asked for before. Raises InvalidError,
    field `instrument`, for an unknown key, and ConflictError when it is not the one that was frozen.
    """
    if version is None:
        return newest(session, organisation_id, key)
    if sha256 is None:
        return of_version(session, organisation_id, key, version)
    instrument = _own(session, organisation_id, sha256) if queries.is_own(key) else load.load(key, version)
    if instrument.sha256 != sha256:
        raise ConflictError(OTHER_QUESTIONNAIRE.filled({"key": key, "version": version}))
    return instrument


def newest(session: Session, organisation_id: UUID, key: str) -> Instrument:
    """The newest published version of a questionnaire. InvalidError, field `instrument`, when there is none."""
    if queries.is_own(key):
        found = queries.versions(session, organisation_id, key=key)
        if found:
            return _own(session, organisation_id, found[0].sha256)
        sentence = say("This questionnaire has no published version. Publish it first, or choose another one.")
        raise InvalidError(sentence, fields={"instrument": sentence})
    try:
        return load.latest(key)
    except InstrumentError as error:
        problem = adopted(error.problems[0])
        raise InvalidError(problem, fields={"instrument": problem}) from None


def of_version(session: Session, organisation_id: UUID, key: str, version: str) -> Instrument:
    """A published version of a questionnaire. InvalidError, field `instrument`, when there is none of that number."""
    if queries.is_own(key):
        for one in queries.versions(session, organisation_id, key=key):
            if one.version == version:
                return _own(session, organisation_id, one.sha256)
    elif (key, version) in load.published():
        return load.load(key, version)
    sentence = say("There is no published version {version} of this questionnaire. Choose another.", version=version)
    raise InvalidError(sentence, fields={"instrument": sentence})


def by_sha256(session: Session, organisation_id: UUID, sha256: str) -> Instrument | None:
    """The published questionnaire of that hash, shipped or the client's; None when there is none."""
    for key, version in load.published():
        shipped = load.load(key, version)
        if shipped.sha256 == sha256:
            return shipped
    if queries.content(session, organisation_id, sha256) is None:
        return None
    return _own(session, organisation_id, sha256)


def offers(session: Session, organisation_id: UUID) -> tuple[Offer, ...]:
    """What a wave of this client can ask: shipped questionnaires first, then the client's published ones."""
    keys = dict.fromkeys(key for key, _ in load.published())
    shipped = [Offer(one.key, spoken_name(one), one.version, own=False) for one in map(load.latest, keys)]
    own = [
        Offer(one.key, one.name, one.newest, own=True)
        for one in queries.instruments(session, organisation_id)
        if one.newest is not None
    ]
    return (*shipped, *own)


def spoken_name(instrument: Instrument) -> str:
    """What a questionnaire is called, in the reader's language where it is a shipped one: clients name their own."""
    if queries.is_own(instrument.key):
        return instrument.name
    told = load.translations(instrument.key, instrument.version)
    return Sentence(instrument.name, words={tag: one.texts["name"] for tag, one in told.items() if "name" in one.texts})


def translations(session: Session, organisation_id: UUID, instrument: Instrument) -> Mapping[str, Translation]:
    """The published translations of a published questionnaire, by language; its own language is not among them."""
    if not queries.is_own(instrument.key):
        return load.translations(instrument.key, instrument.version)
    place = (organisation_id, instrument.sha256)
    if place not in _TRANSLATIONS:
        stored = queries.translations(session, organisation_id, instrument.sha256)
        found = {language: read_translation(instrument, data) for language, data in stored.items()}
        _keep(_TRANSLATIONS, place, MappingProxyType(found))
    return _TRANSLATIONS[place]


def written(translation: Translation) -> bytes:
    """A translation as a published version keeps it: JSON in one fixed form."""
    return told(
        {
            "language": translation.language,
            "state": translation.state,
            "reviewed": sorted(translation.reviewed),
            "corrected": sorted(translation.corrected),
            "texts": dict(translation.texts),
        }
    )


def read_translation(instrument: Instrument, data: bytes) -> Translation:
    """A translation as it was when `written`."""
    stored = json.loads(data)
    return translate(
        instrument,
        language=stored["language"],
        texts=stored["texts"],
        state=stored["state"],
        reviewed=stored["reviewed"],
        corrected=stored.get("corrected", ()),
    )


def _own(session: Session, organisation_id: UUID, sha256: str) -> Instrument:
    place = (organisation_id, sha256)
    if place not in _INSTRUMENTS:
        content = queries.content(session, organisation_id, sha256)
        if content is None:
            raise ConflictError(NO_QUESTIONNAIRE)
        _keep(_INSTRUMENTS, place, restore(bytes(content)))
    return _INSTRUMENTS[place]


def _keep(kept: dict[tuple[UUID, str], Kept], place: tuple[UUID, str], what: Kept) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[place] = what
