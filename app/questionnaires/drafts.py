"""The draft of a client's questionnaire as the pages see it: what it asks, where it comes from, what is translated."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from app.errors import ConflictError, NotFoundError
from app.questionnaires import changes, editing, loading, queries
from app.questionnaires.changes import Changes
from app.questionnaires.editing import Known
from app.questionnaires.queries import InstrumentFacts
from app.sentences import say
from surveys.canonical import hashed, restore
from surveys.languages import LANGUAGES
from surveys.model import Dimension, Instrument, Item
from surveys.translations import Edition, State, Translation, faults, source_texts, translate
from surveys.versions import Retold, retold

NOT_DRAFTING: Final = say(
    "This questionnaire has no draft. What is published stays as it is; begin the next version to change something."
)


class NotDraftingError(ConflictError):
    """The questionnaire has no draft: there was none, or somebody has published it or given it up meanwhile."""

    def __init__(self, organisation_id: UUID, instrument_id: UUID) -> None:
        super().__init__(NOT_DRAFTING)
        self.organisation_id, self.instrument_id = organisation_id, instrument_id


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a draft in one language by path; `reviewed` are those that a person has read and found right."""

    texts: Mapping[str, str]
    reviewed: frozenset[str] = frozenset()
    state: str = "machine"

    @property
    def read(self) -> frozenset[str]:
        """The paths of the texts that a person has read: all, in a language that was reviewed as a whole."""
        return frozenset(self.texts) if self.state == "reviewed" else self.reviewed

    def said(self, typed: Mapping[str, str], *, reviewed: bool) -> "Texts":
        """The texts with those that were typed, an empty one taken out. `reviewed`: a person has read what was typed.

        In a language that was reviewed as a whole, only what stays as it was is reviewed from then on.
        """
        kept = {path: text for path, text in self.texts.items() if path not in typed}
        kept |= {path: text for path, text in typed.items() if text}
        read = (self.read - typed.keys()) | (typed.keys() if reviewed else set())
        return Texts(kept, frozenset(path for path in read if path in kept))

    def marked(self, paths: Collection[str], *, reviewed: bool) -> "Texts":
        """The texts with those of these paths that there are marked as read by a person, or as not read."""
        there = self.texts.keys() & set(paths)
        return Texts(self.texts, self.read | there if reviewed else self.read - there)


NO_TEXTS: Final = Texts(MappingProxyType({}))


@dataclass(frozen=True)
class Draft:
    """A questionnaire under way. `family` are the versions that came before, the one that it was begun from first, down
    to the shipped one; `texts` are its translations by language, `base_texts` those of the version it was begun from.
    """

    facts: InstrumentFacts
    instrument: Instrument
    family: tuple[Instrument, ...]
    texts: Mapping[str, Texts]
    base_texts: Mapping[str, Texts]

    @property
    def base(self) -> Instrument:
        """The version from which the draft was begun."""
        return self.family[0]

    @cached_property
    def known(self) -> Known:
        """The questions that were ever published under their ids."""
        return Known.of(self.family)

    @cached_property
    def changes(self) -> Changes:
        """What is new since the base."""
        return changes.changes(self.base, self.instrument, translated=self._translated)

    @cached_property
    def retold(self) -> tuple[Retold, ...]:
        """The texts of questions and answers that a language has in other words than the base, to mean the same."""
        then = {
            tag: translate(self.base, language=tag, texts=one.texts, state="machine")
            for tag, one in self.base_texts.items()
        }
        now = {tag: one for tag in self.languages if (one := self.translation(tag)) is not None}
        base = replace(self.base, key=self.instrument.key)
        return retold(Edition(base, then), Edition(self.instrument, now))

    @property
    def proposed(self) -> str:
        """The number that the next version needs."""
        return changes.proposed(self.facts.newest, self.changes.kind)

    def left_out(self, dimension: Dimension) -> tuple[Item, ...]:
        """The questions of the core that versions before had in this dimension and the draft has not."""
        here = {item.id for item in dimension.items}
        found: dict[str, Item] = {}
        for version in self.family:
            for other in version.dimensions:
                if other.id == dimension.id:
                    found |= {item.id: item for item in other.items if item.id not in here and item.id not in found}
        return tuple(found.values())

    def translation(self, language: str) -> Translation | None:
        """The draft's translation into a language, without texts that can't be asked; None for its own language."""
        if language == self.instrument.language:
            return None
        given = self.texts.get(language, NO_TEXTS)
        source = source_texts(self.instrument)
        usable = {
            path: text
            for path, text in given.texts.items()
            if path in source and text and editing.wrong_translation(source[path], text) is None
        }
        while found := {path for path, _ in faults(self.instrument, usable)}:
            usable = {path: text for path, text in usable.items() if path not in found}
        state: State = "reviewed" if given.state == "reviewed" else "machine"
        reviewed = given.reviewed & usable.keys()
        return translate(self.instrument, language=language, texts=usable, state=state, reviewed=reviewed)

    def edition(self, *, key: str, version: str) -> Edition:
        """The draft as that version, with its translations; in them the texts that are retold count as corrected."""
        made = hashed(replace(self.instrument, key=key, version=version))
        found = {tag: one for tag in self.languages if (one := self.translation(tag)) is not None and one.texts}
        corrected = {tag: frozenset(one.path for one in self.retold if one.language == tag) for tag in found}
        return Edition(made, {tag: replace(one, corrected=corrected[tag]) for tag, one in found.items()})

    def untranslated(self, language: str) -> tuple[str, ...]:
        """The paths of the texts that are asked in English because this language lacks them, in their order."""
        translation = self.translation(language)
        return () if translation is None else tuple(
            path for path in source_texts(self.instrument) if path not in translation.texts
        )  # fmt: skip

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the draft can be translated into."""
        return tuple(tag for tag in LANGUAGES if tag != self.instrument.language)

    @property
    def _translated(self) -> bool:
        there = source_texts(self.instrument)

        def kept(texts: Texts) -> dict[str, tuple[str, bool]]:
            return {path: (text, path in texts.read) for path, text in texts.texts.items() if path in there and text}

        return any(
            kept(self.texts.get(tag, NO_TEXTS)) != kept(self.base_texts.get(tag, NO_TEXTS)) for tag in self.languages
        )


def draft(session: Session, organisation_id: UUID, instrument_id: UUID) -> Draft:
    """The draft of a questionnaire. NotFoundError for an unknown one, ConflictError when nothing is being changed."""
    facts = queries.instrument(session, organisation_id, instrument_id)
    stored = queries.draft(session, organisation_id, instrument_id)
    if stored is None:
        raise NotDraftingError(organisation_id, instrument_id)
    family = tuple(_family(session, organisation_id, facts.derived_from))
    return Draft(
        facts,
        restore(stored.content),
        family,
        read_texts(stored.translations),
        of_translations(loading.translations(session, organisation_id, family[0])),
    )


def with_texts_of(session: Session, draft: Draft, item_ids: Collection[str]) -> Mapping[str, Texts]:
    """The texts of a draft with those of published questions that come back to it, where it has none of its own.

    They are those of the newest version before that has the question in a language, reviewed if they were reviewed.
    At most one statement for each version before.
    """
    texts = dict(draft.texts)
    for version in draft.family:
        for tag, before in loading.translations(session, draft.facts.organisation_id, version).items():
            kept = texts.get(tag, NO_TEXTS)
            paths = {f"items.{item_id}" for item_id in item_ids} & before.texts.keys() - kept.texts.keys()
            for read in (True, False):
                some = {one: before.texts[one] for one in paths if (before.state_of(one) == "reviewed") is read}
                kept = kept.said(some, reviewed=read) if some else kept
            texts[tag] = kept
    return texts


def of_translations(found: Mapping[str, Translation]) -> Mapping[str, Texts]:
    """Published translations as the texts of a draft."""
    return MappingProxyType({tag: Texts(one.texts, one.reviewed, one.state) for tag, one in found.items()})


def read_texts(stored: Mapping[str, Any]) -> Mapping[str, Texts]:  # Any: JSON as `stored_texts` made it
    """The texts of a draft as they were stored."""
    return MappingProxyType(
        {
            tag: Texts(MappingProxyType(dict(one["texts"])), frozenset(one["reviewed"]), one["state"])
            for tag, one in stored.items()
        }
    )


def stored_texts(texts: Mapping[str, Texts]) -> dict[str, object]:
    """The texts of a draft as JSON."""
    return {
        tag: {"state": one.state, "reviewed": sorted(one.reviewed), "texts": dict(one.texts)}
        for tag, one in texts.items()
    }


def _family(session: Session, organisation_id: UUID, sha256: str) -> Iterator[Instrument]:
    """The version of that hash and those from which it descends. NotFoundError when the first is not there."""
    origins = {one.sha256: one.derived_from for one in queries.versions(session, organisation_id)}
    seen: set[str] = set()
    first: str | None = sha256
    while first is not None and first not in seen:
        found = loading.by_sha256(session, organisation_id, first)
        if found is None:
            break
        yield found
        seen.add(first)
        first = origins.get(first)
    if not seen:
        raise NotFoundError(say("The questionnaire that this draft was begun from is not there any more."))
