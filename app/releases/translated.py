"""A release in the reader's language: what it holds in English knows its words in the others, and its bytes stay.

A release stores English. The texts of its questionnaire are said as the questionnaire's own translations have them;
sentences that were filled in when it was made are recalled by their messages (`notes`), or built anew from the
document (`certified`) and taken where that gives what is stored, byte for byte. Whatever is not recognised stays as it
is stored.
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session

from app.errors import PlumblineError
from app.questionnaires import loading
from app.releases.document import certified
from app.releases.document import words as said
from app.releases.document.notes import NOT_COMPARED, NOTES
from app.releases.document.release import Margin, MarginGroup, Release
from app.releases.store import StoredRelease
from app.releases.supplement import Supplement
from app.sentences import Sentence, recalled, say
from app.web.catalogs import SPOKEN_IN_THE_CONSOLE
from surveys.reader import InstrumentError
from surveys.translations import source_texts

Words = Mapping[str, Mapping[str, str]]
"""The texts of a questionnaire in English, and each in other languages by tag."""


def words_of(session: Session, stored: StoredRelease) -> Words:
    """What the questionnaire of a release says, in the languages of the console.

    At most two statements, none for a shipped questionnaire or one that was asked for before. Nothing where the
    questionnaire is not there any more.
    """
    wave = stored.document.wave
    place = (stored.organisation_id, wave.instrument, wave.instrument_version, wave.instrument_sha256)
    try:
        instrument = loading.asked(session, *place)
        found = loading.translations(session, stored.organisation_id, instrument)
    except (PlumblineError, InstrumentError):
        return {}
    told = {tag: one.texts for tag, one in found.items() if tag in SPOKEN_IN_THE_CONSOLE}
    source = source_texts(instrument)
    return {text: {tag: of[path] for tag, of in told.items() if path in of} for path, text in source.items()}


def translated(release: Release, words: Words) -> Release:
    """The release with sentences in place of its English texts, equal to it in English."""
    return replace(
        release,
        dimensions=tuple(
            replace(
                head,
                name=_text(head.name, words),
                short=_text(head.short, words),
                definition=_text(head.definition, words),
            )
            for head in release.dimensions
        ),
        modules=tuple(replace(head, name=_text(head.name, words)) for head in release.modules),
        items=tuple(replace(head, text=_text(head.text, words)) for head in release.items),
        margins=tuple(_margin(margin, words) for margin in release.margins),
        notes=tuple(recalled(note, NOTES) for note in release.notes),
        not_comparable={name: recalled(why, NOT_COMPARED) for name, why in release.not_comparable.items()},
        certificate=replace(
            release.certificate, statement=_same(release.certificate.statement, certified.statement(release))
        ),
    )


def questions(supplement: Supplement, words: Words) -> Supplement:
    """The supplement with its questions in the reader's language."""
    told = tuple(replace(one, text=_text(one.text, words)) for one in supplement.questions)
    return replace(supplement, questions=told)


def _text(text: str, words: Words) -> str:
    return Sentence(text, words=words[text]) if words.get(text) else text


def _same(stored: str, built: Sentence) -> str:
    return built if built == stored else stored


def _margin(margin: Margin, words: Words) -> Margin:
    return replace(margin, groups=tuple(_group(group, words) for group in margin.groups))


def _group(group: MarginGroup, words: Words) -> MarginGroup:
    """A site's name is the client's own; a role level's are answers of the questionnaire in quotation marks."""
    if group.departments:
        return replace(group, name=recalled(group.name, _SITES))
    told, silent = group.name.removesuffix(OR_SILENT), group.name.endswith(OR_SILENT)
    labels = told.removeprefix("“").removesuffix("”").split("” or “")
    name = said.either([say("“{answer}”", answer=_text(label, words)) for label in labels])
    return replace(group, name=_same(group.name, say("{answers}, or did not say", answers=name) if silent else name))


OR_SILENT = ", or did not say"
_SITES = (say("No site named"), say("{sites} and no site named"))
