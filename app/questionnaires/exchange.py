"""A client's questionnaire as one ZIP file, out and in with its history, and drafts from files of others."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.errors import InvalidError
from app.questionnaires import drafts, editing, loading, publishing, queries, service
from app.questionnaires.models import ClientInstrument
from app.sentences import Passage, adopted, say
from surveys import load
from surveys.archive import Archive, Shelved, pack, shelve, unpack
from surveys.canonical import canonical
from surveys.model import Instrument
from surveys.parse import CORE_FILE
from surveys.reader import InstrumentError
from surveys.sentences import tell
from surveys.translations import Edition
from surveys.write import files_of

ZIP: Final = b"PK"
UNREADABLE: Final = say("Nothing was taken over: the file cannot be read as a questionnaire.")
THE_FILE: Final = tell("The file")


class UnreadableError(InvalidError):
    """A file that is no questionnaire. `problems` has a sentence for each thing that is wrong, with file and line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(UNREADABLE, fields={"file": UNREADABLE})
        self.problems = tuple(map(adopted, problems))


def exported(session: Session, *, organisation_id: UUID, instrument_id: UUID) -> tuple[str, bytes]:
    """The name of the file and its bytes: all published versions with their translations, then the draft if there is
    one. NotFoundError when the client has no such questionnaire."""
    facts = queries.instrument(session, organisation_id, instrument_id)
    shelved = tuple(_published(session, organisation_id, facts.key))
    if facts.drafting:
        draft = drafts.draft(session, organisation_id, instrument_id)
        edition = draft.edition(key=facts.key, version=draft.proposed)
        shelved = (*shelved, Shelved(edition, files_of(edition)))
    return f"{facts.key}-{shelved[-1].edition.instrument.version}.zip", pack(Archive(shelved))


def imported(session: Session, *, organisation_id: UUID, name: str, data: bytes, user_id: UUID, now: datetime) -> UUID:
    """Takes a file over and gives the id of the questionnaire.

    The archive of a client's own questionnaire comes with all its published versions, under its key, where the client
    has none of that key and no other `name` is given. Of anything else a draft is begun: from the newest version of an
    archive, or from a questionnaire without modules as YAML. All or nothing: UnreadableError has every problem of the
    file, InvalidError a sentence at `name` or `file`.
    """
    archive = _read(data)
    if _may_stay_whole(session, organisation_id, archive, name):
        return _with_history(session, organisation_id, archive, user_id=user_id, now=now)
    edition = archive.newest
    instrument = edition.instrument
    base = _base(session, organisation_id, instrument)
    told = _other_words(base, instrument)
    if told:
        raise UnreadableError(told)
    named = editing.rename(instrument, name or instrument.name)
    texts = drafts.of_translations(edition.translations)
    return service.add_draft(
        session,
        organisation_id=organisation_id,
        instrument=named,
        derived_from=base.sha256,
        texts=texts if named.name == instrument.name else service.without_name(texts),
        user_id=user_id,
        now=now,
    )


def _may_stay_whole(session: Session, organisation_id: UUID, archive: Archive, name: str) -> bool:
    key, first = archive.newest.instrument.key, archive.shelved[0]
    there = {one.key for one in queries.instruments(session, organisation_id)}
    whole = first.published is not None and not name.strip()
    return whole and queries.is_own(key) and key not in there


def _with_history(session: Session, organisation_id: UUID, archive: Archive, *, user_id: UUID, now: datetime) -> UUID:
    """The questionnaire of an archive as it left: its published versions with their hashes, then the draft."""
    base = _base(session, organisation_id, archive.shelved[0].edition.instrument)
    told = [problem for one in archive.shelved for problem in _other_words(base, one.edition.instrument)]
    if told:
        raise UnreadableError(tuple(dict.fromkeys(told)))
    newest = archive.newest.instrument
    wrong = editing.wrong_name(newest.name)
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    service.room_for(session, organisation_id, newest.name)
    row = ClientInstrument(
        organisation_id=organisation_id,
        key=newest.key,
        name=newest.name,
        derived_from=base.sha256,
        translations={},
        created_at=now,
        changed_at=now,
        user_id=user_id,
    )
    session.add(row)
    session.flush()
    for one in archive.shelved:
        if one.published is None:
            row.draft = canonical(one.edition.instrument)
            row.translations = drafts.stored_texts(drafts.of_translations(one.edition.translations))
            continue
        publishing.store(session, row, one.edition, user_id=user_id, now=now)
        row.derived_from = one.edition.instrument.sha256
    session.flush()
    return row.id


def _published(session: Session, organisation_id: UUID, key: str) -> Iterator[Shelved]:
    for found in reversed(queries.versions(session, organisation_id, key=key)):
        instrument = loading.asked(session, organisation_id, key, found.version, found.sha256)
        edition = Edition(instrument, loading.translations(session, organisation_id, instrument))
        yield Shelved(edition, files_of(edition), frozenset(edition.translations))


def _read(data: bytes) -> Archive:
    if not data:
        sentence = say("Choose a file.")
        raise InvalidError(sentence, fields={"file": sentence})
    try:
        return unpack(THE_FILE, data) if data.startswith(ZIP) else Archive((shelve({CORE_FILE: data}),))
    except InstrumentError as error:
        raise UnreadableError(error.problems) from None


def _base(session: Session, organisation_id: UUID, instrument: Instrument) -> Instrument:
    """What the file is held against: the published version with which it has most questions in common, of those
    whose questions it has in other words under no id."""
    there = [load.load(key, version) for key, version in load.published()]
    for found in queries.versions(session, organisation_id):
        version = loading.by_sha256(session, organisation_id, found.sha256)
        there += [] if version is None else [version]
    mine = {(item.id, item.text) for item in instrument.items()}

    def alike(one: Instrument) -> tuple[bool, int]:
        return not _other_words(one, instrument), len(mine & {(item.id, item.text) for item in one.items()})

    return max(there, key=alike)


def _other_words(base: Instrument, instrument: Instrument) -> tuple[str, ...]:
    known = {item.id: item for item in base.items()}
    return tuple(
        say(
            "item {id}: it was published with other words or answers in {base}. A new wording needs an id of its own, "
            "such as {example}.",
            id=item.id,
            base=f"{base.name} {base.version}",
            example=f"{item.id.split('@', 1)[0]}@2",
        )
        for item in instrument.items()
        if item.id in known and (item.text, item.scale) != (known[item.id].text, known[item.id].scale)
    )
