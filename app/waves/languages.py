"""The languages that a wave can be answered in: chosen while it is a draft, frozen with their wording when it opens.

A draft offers every language that its questionnaire is translated into, until somebody chooses. What is frozen is the
hash of each translation: staff who answer in one language answer the same words from the first day to the last.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlmodel import Session

from app.errors import ConflictError, InvalidError
from app.questionnaires import loading
from app.sentences import Sentence, say
from app.waves import queries
from app.waves.queries import WaveView
from app.web import catalogs
from surveys.languages import LANGUAGES, Language
from surveys.model import Instrument
from surveys.translations import Translation, source_texts

Offered = Mapping[str, Translation | None]
"""By language, in the order of `LANGUAGES`; None stands for the language that the questionnaire is written in."""


def possible(session: Session, organisation_id: UUID, instrument: Instrument) -> Offered:
    """The languages that there are for a published questionnaire; at most one statement."""
    translations = loading.translations(session, organisation_id, instrument)
    known: dict[str, Translation | None] = {instrument.language: None, **translations}
    return MappingProxyType({tag: known[tag] for tag in LANGUAGES if tag in known})


def offered(session: Session, wave: WaveView, instrument: Instrument) -> Offered:
    """The languages in which this wave can be answered, never none; at most one statement.

    A wave that opened before there was a choice has the language of its questionnaire. A translation other than the
    frozen one is left out, so that nobody reads words that the others did not.
    """
    if wave.state != "draft" and wave.languages is None:
        return {instrument.language: None}
    there = possible(session, wave.organisation_id, instrument)
    if wave.languages is None:
        return there
    kept = {tag: one for tag, one in there.items() if _is_kept(wave, instrument, tag, one)}
    return kept or {instrument.language: None}


def frozen(session: Session, wave: WaveView, instrument: Instrument) -> dict[str, str]:
    """What an opening wave keeps of its languages: the hash of the translation, or of the questionnaire itself."""
    return {tag: _hash(instrument, one) for tag, one in offered(session, wave, instrument).items()}


def choose(session: Session, *, organisation_id: UUID, wave_id: UUID, languages: Collection[str]) -> None:
    """Chooses in which languages a draft will be answered; those that there are not are left out.

    InvalidError, field `languages`, when none is left; ConflictError once the wave has opened.
    """
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state != "draft":
        raise ConflictError(say("{wave} has opened, so its languages can no longer be changed.", wave=wave.label))
    view = queries.wave(session, organisation_id, wave_id)
    instrument = loading.newest(session, organisation_id, view.instrument)
    there = possible(session, organisation_id, instrument)
    chosen = {tag: "" for tag in there if tag in languages}
    if not chosen:
        sentence = say("Choose at least one language.")
        raise InvalidError(sentence, fields={"languages": sentence})
    wave.languages = None if len(chosen) == len(there) else chosen
    session.flush()


def _is_kept(wave: WaveView, instrument: Instrument, tag: str, translation: Translation | None) -> bool:
    assert wave.languages is not None
    if tag not in wave.languages:
        return False
    return wave.state == "draft" or wave.languages[tag] == _hash(instrument, translation)


def _hash(instrument: Instrument, translation: Translation | None) -> str:
    return instrument.sha256 if translation is None else translation.sha256


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """A language on the page of a draft: how much of questionnaire and pages is there in it, and who has read it.

    `reviewed` counts the texts of the questionnaire that somebody marked as reviewed. `source`: it was written in it.
    """

    language: Language
    chosen: bool
    source: bool
    texts: int
    translated: int
    reviewed: int
    messages: int
    said: int
    pages_reviewed: bool

    @property
    def state(self) -> Sentence:
        """Who has read the words; nobody, as far as we know."""
        if self.source:
            return say("Written in this language.")
        if self.reviewed == self.texts and self.pages_reviewed:
            return say("Marked as reviewed.")
        if self.reviewed:
            return say(
                "Machine translated; {n} of {texts} texts are marked as reviewed.", n=self.reviewed, texts=self.texts
            )
        return say("Machine translated, not reviewed.")

    @property
    def unreviewed(self) -> bool:
        """True where words are offered that nobody has marked as read."""
        return self.chosen and not self.source and (self.reviewed < self.translated or not self.pages_reviewed)


def lines(session: Session, wave: WaveView, instrument: Instrument) -> tuple[LanguageLine, ...]:
    """Every language that there is for the questionnaire of a draft; at most one statement."""
    texts = len(source_texts(instrument))
    chosen = offered(session, wave, instrument)
    found = possible(session, wave.organisation_id, instrument)
    return tuple(_line(tag, one, texts=texts, chosen=tag in chosen) for tag, one in found.items())


def _line(tag: str, translation: Translation | None, *, texts: int, chosen: bool) -> LanguageLine:
    pages = catalogs.progress(tag, catalogs.RESPONDENT)
    translated = texts if translation is None else len(translation.texts)
    return LanguageLine(
        language=LANGUAGES[tag],
        chosen=chosen,
        source=translation is None,
        texts=texts,
        translated=translated,
        reviewed=0 if translation is None else translated - len(translation.unreviewed()),
        messages=pages.messages,
        said=pages.done,
        pages_reviewed=tag == catalogs.SOURCE or catalogs.state_of(tag, catalogs.RESPONDENT) == "reviewed",
    )
