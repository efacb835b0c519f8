"""Clients' own questionnaires: copying one, changing the draft, publishing it. Nothing published is ever changed."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.errors import ConflictError, InvalidError
from app.questionnaires import changes, drafts, editing, loading, publishing, queries
from app.questionnaires.drafts import Draft, NotDraftingError, Texts
from app.questionnaires.models import ClientInstrument
from app.questionnaires.queries import InstrumentFacts
from app.sentences import Passage, say
from surveys.canonical import canonical
from surveys.model import OWN, Instrument
from surveys.translations import source_texts

MOST_INSTRUMENTS = 50
CHANGED: Final = say(
    "Somebody has changed the draft since this page was opened, perhaps you in another tab. Nothing of yours is lost: "
    "look at what the draft says now, then send it once more."
)
NOT_THE_SAME: Final = say(
    "Say that these texts mean the same as before, or give them their old words back. A question of a department that "
    "is to ask something else gets other words in English too, and becomes a new question with that."
)
NOTHING_CHANGED: Final = say("Nothing has changed since {version} was published, so there is nothing to publish.")
TAKEN: Final = say("There is already a questionnaire called {name}. Give this one another name.")


class StaleError(ConflictError):
    """The page was made from an older state of the draft. Nothing was stored; what was typed is still there."""

    def __init__(self) -> None:
        super().__init__(CHANGED)


def copy(
    session: Session, *, organisation_id: UUID, name: str, source: str, user_id: UUID | None, now: datetime
) -> UUID:
    """Begins a questionnaire of the client's own as a copy of the published one with the hash `source`; gives its id.

    Asked again for the same, it is the same. InvalidError has a sentence for each field that is wrong.
    """
    wrong: dict[str, str] = {}
    base = loading.by_sha256(session, organisation_id, source)
    if base is None:
        wrong["source"] = say("Choose the questionnaire to begin from.")
    there = queries.instruments(session, organisation_id)
    taken = next((one for one in there if one.name.casefold() == " ".join(name.split()).casefold()), None)
    if taken is not None and taken.derived_from == source and taken.drafting and taken.edition == 1:
        return taken.id
    if taken is not None:
        wrong["name"] = TAKEN.filled({"name": taken.name})
    wrong |= editing.wrong_name(name)
    if wrong or base is None:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    named = editing.rename(base, name)
    texts = without_name(drafts.of_translations(loading.translations(session, organisation_id, base)))
    return add_draft(
        session,
        organisation_id=organisation_id,
        instrument=named,
        derived_from=base.sha256,
        texts=texts,
        user_id=user_id,
        now=now,
    )


def add_draft(
    session: Session,
    *,
    organisation_id: UUID,
    instrument: Instrument,
    derived_from: str,
    texts: Mapping[str, Texts],
    user_id: UUID | None,
    now: datetime,
) -> UUID:
    """Begins a questionnaire with this draft, under a key of the client's own, and gives its id.

    InvalidError, field `name`, when the client has one of that name; ConflictError when it has too many.
    """
    there = room_for(session, organisation_id, instrument.name)
    keyed = replace(instrument, key=_key(instrument.name, {one.key for one in there}))
    return _add(session, organisation_id, keyed, derived_from, texts, user_id=user_id, now=now)


def room_for(session: Session, organisation_id: UUID, name: str) -> tuple[InstrumentFacts, ...]:
    """The questionnaires of a client to which one of that name can be added.

    InvalidError, field `name`, when there is one of that name; ConflictError when there are too many.
    """
    there = queries.instruments(session, organisation_id)
    if any(one.name.casefold() == name.casefold() for one in there):
        sentence = TAKEN.filled({"name": name})
        raise InvalidError(sentence, fields={"name": sentence})
    if len(there) >= MOST_INSTRUMENTS:
        raise ConflictError(
            say("There are {most} questionnaires already, more than anybody can oversee.", most=MOST_INSTRUMENTS)
        )
    return there


def begin(session: Session, *, organisation_id: UUID, instrument_id: UUID, user_id: UUID, now: datetime) -> None:
    """Begins the next version from the newest published one; does nothing when a draft is there."""
    row = queries.locked(session, organisation_id, instrument_id)
    if row.draft is not None:
        return
    newest = loading.newest(session, organisation_id, row.key)
    texts = drafts.of_translations(loading.translations(session, organisation_id, newest))
    row.draft, row.derived_from = canonical(newest), newest.sha256
    row.translations = drafts.stored_texts(texts)
    _touch(row, user_id, now)
    session.flush()


def discard(
    session: Session, *, organisation_id: UUID, instrument_id: UUID, edition: int, user_id: UUID, now: datetime
) -> bool:
    """Gives up a draft: what is published stays. True when the questionnaire is still there.

    One of which nothing was ever published goes as a whole, with its readers' links and remarks: nothing asks it.
    """
    row = _held(session, organisation_id, instrument_id, edition)
    if not queries.versions(session, organisation_id, instrument_id=instrument_id):
        queries.delete(session, organisation_id, instrument_id)
        return False
    row.draft, row.translations = None, {}
    _touch(row, user_id, now)
    session.flush()
    return True


def change(
    session: Session,
    *,
    organisation_id: UUID,
    instrument_id: UUID,
    edition: int,
    user_id: UUID,
    now: datetime,
    make: Callable[[Draft], Instrument],
) -> None:
    """Stores what `make` makes of the draft. StaleError unless `edition` is that of the draft; whatever `make` raises
    changes nothing."""
    row = _held(session, organisation_id, instrument_id, edition)
    draft = drafts.draft(session, organisation_id, instrument_id)
    made = make(draft)
    back = [item.id for item in made.items() if item.id in draft.known.items and item not in draft.instrument.items()]
    if back:
        row.translations = drafts.stored_texts(drafts.with_texts_of(session, draft, back))
    row.draft, row.name = canonical(made), made.name
    _touch(row, user_id, now)
    session.flush()


def add_item(
    session: Session,
    *,
    organisation_id: UUID,
    instrument_id: UUID,
    edition: int,
    module: str,
    text: str,
    relates_to: str,
    name: str,
    user_id: UUID,
    now: datetime,
) -> str:
    """Adds a question to a module and gives its id; see `editing.add`."""
    made_id = ""

    def make(draft: Draft) -> Instrument:
        nonlocal made_id
        made, made_id = editing.add(
            draft.instrument, draft.known, module=module, text=text, relates_to=relates_to, name=name
        )
        return made

    place = {"organisation_id": organisation_id, "instrument_id": instrument_id}
    change(session, **place, edition=edition, user_id=user_id, now=now, make=make)
    return made_id


def save_item(
    session: Session,
    *,
    organisation_id: UUID,
    instrument_id: UUID,
    edition: int,
    item_id: str,
    text: str,
    relates_to: str,
    translations: Mapping[str, str],
    reviewed: frozenset[str],
    user_id: UUID,
    now: datetime,
) -> str:
    """Rewords a module's question and keeps its text in other languages; gives the id that it then has.

    `translations` are by language, `reviewed` the languages in which a person has read it. A text that stays while the
    question gets other words is taken out, unless it was read: it would ask something else. InvalidError has a sentence
    for each field: `text`, `relates_to`, and `text-de` and so on for translations.
    """
    row = _held(session, organisation_id, instrument_id, edition)
    draft = drafts.draft(session, organisation_id, instrument_id)
    wrong = _wrong_texts(translations)
    try:
        made, new_id = editing.reword(draft.instrument, draft.known, item_id=item_id, text=text, relates_to=relates_to)
    except InvalidError as error:
        wrong = {**error.fields, **wrong}
        raise InvalidError(Passage(wrong.values()), fields=wrong) from None
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    other_words = made.item(new_id).text != draft.instrument.item(item_id).text
    texts = dict(draft.texts)
    for tag, typed in translations.items():
        before = texts.get(tag, drafts.NO_TEXTS)
        stale = other_words and _as_before(before, f"items.{item_id}", typed, read=tag in reviewed)
        texts[tag] = before.said({f"items.{new_id}": "" if stale else typed}, reviewed=tag in reviewed)
    row.draft, row.translations = canonical(made), drafts.stored_texts(texts)
    _touch(row, user_id, now)
    session.flush()
    return new_id


def translate(
    session: Session,
    *,
    organisation_id: UUID,
    instrument_id: UUID,
    edition: int,
    language: str,
    typed: Mapping[str, str],
    read: Collection[str] = (),
    unread: Collection[str] = (),
    user_id: UUID,
    now: datetime,
) -> None:
    """Keeps texts of the draft in another language, by path; an empty one is asked in English.

    What stays as it was stays reviewed; `read` are marked as reviewed by a person then, `unread` no longer.
    InvalidError has a sentence for each path that cannot be asked. Paths that the draft does not have are passed over.
    """
    row = _held(session, organisation_id, instrument_id, edition)
    draft = drafts.draft(session, organisation_id, instrument_id)
    source = source_texts(draft.instrument)
    here = {path: text for path, text in typed.items() if path in source}
    wrong: dict[str, str] = {
        path: sentence
        for path, text in here.items()
        if (sentence := editing.wrong_translation(source[path], text)) is not None
    }
    if language not in draft.languages:
        wrong["language"] = say("The draft cannot be translated into this language.")
    before = draft.texts.get(language, drafts.NO_TEXTS)
    other = {path: text for path, text in here.items() if text != before.texts.get(path, "")}
    said = before.said(other, reviewed=False)
    wrong = wrong or editing.wrong_together(draft.instrument, said.texts)
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    said = said.marked(read, reviewed=True).marked(unread, reviewed=False)
    row.translations = drafts.stored_texts({**draft.texts, language: said})
    _touch(row, user_id, now)
    session.flush()


def publish(
    session: Session,
    *,
    organisation_id: UUID,
    instrument_id: UUID,
    edition: int,
    version: str,
    same: bool = False,
    user_id: UUID,
    now: datetime,
) -> str:
    """Publishes the draft under a version that is never changed again, with its translations; gives its hash.

    `same` is the consultant's word that texts in other words mean the same as before (3.14); they are listed as
    corrected then. InvalidError, field `version`, for a number that the changes do not allow, and `same` where that
    word is needed; ConflictError when nothing has changed.
    """
    row = _held(session, organisation_id, instrument_id, edition)
    draft = drafts.draft(session, organisation_id, instrument_id)
    newest, kind = draft.facts.newest, draft.changes.kind
    if newest is not None and kind == "nothing":
        raise ConflictError(NOTHING_CHANGED.filled({"version": newest}))
    wrong = changes.wrong_version(version, newest=newest, kind=kind)
    if wrong is not None:
        raise InvalidError(wrong, fields={"version": wrong})
    if draft.retold and not same:
        raise InvalidError(NOT_THE_SAME, fields={"same": NOT_THE_SAME})
    whole = draft.edition(key=row.key, version=version)
    made = whole.instrument
    publishing.store(session, row, whole, user_id=user_id, now=now)
    row.draft, row.translations, row.derived_from, row.name = None, {}, made.sha256, made.name
    _touch(row, user_id, now)
    session.flush()
    return made.sha256


def _as_before(texts: Texts, path: str, typed: str, *, read: bool) -> bool:
    """True for a text that was neither changed nor read anew."""
    return typed == texts.texts.get(path) and not (read and path not in texts.reviewed)


def _wrong_texts(translations: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the texts of a question in other languages, at their fields."""
    told = {f"text-{tag}": editing.wrong_translation("", typed) for tag, typed in translations.items()}
    return {field: sentence for field, sentence in told.items() if sentence is not None}


def _add(
    session: Session,
    organisation_id: UUID,
    instrument: Instrument,
    derived_from: str,
    texts: Mapping[str, Texts],
    *,
    user_id: UUID | None,
    now: datetime,
) -> UUID:
    id = uuid4()
    session.add(
        ClientInstrument(
            organisation_id=organisation_id,
            id=id,
            key=instrument.key,
            name=instrument.name,
            derived_from=derived_from,
            draft=canonical(instrument),
            translations=drafts.stored_texts(texts),
            created_at=now,
            changed_at=now,
            user_id=user_id,
        )
    )
    session.flush()
    return id


def _held(session: Session, organisation_id: UUID, instrument_id: UUID, edition: int) -> ClientInstrument:
    """The row, locked. StaleError unless its draft is the one that the page was made from."""
    row = queries.locked(session, organisation_id, instrument_id)
    if row.draft is None:
        raise NotDraftingError(organisation_id, instrument_id)
    if row.edition != edition:
        raise StaleError
    return row


def _touch(row: ClientInstrument, user_id: UUID | None, now: datetime) -> None:
    row.edition, row.changed_at, row.user_id = row.edition + 1, now, user_id


def without_name(texts: Mapping[str, Texts]) -> Mapping[str, Texts]:
    """The texts without the questionnaire's name: the copy has one of its own."""
    return {tag: one.said({"name": ""}, reviewed=False) for tag, one in texts.items()}


def _key(name: str, taken: set[str]) -> str:
    """A key for a questionnaire of that name which the client does not have yet: `own_fernhill`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    root = OWN + (re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:30] or "questionnaire")
    number, key = 1, root
    while key in taken:
        number += 1
        key = f"{root}_{number}"
    return key
