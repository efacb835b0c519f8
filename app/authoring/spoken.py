"""Gathers the pages on which a draft is translated, and the one that publishes it."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlmodel import Session

from app.authoring import pages, views
from app.authoring.sections import Section, label_of, sections
from app.authoring.trend import trend
from app.errors import NotFoundError
from app.questionnaires import changes, drafts
from app.questionnaires.drafts import Draft
from surveys.languages import LANGUAGES
from surveys.translations import source_texts


def translation(
    session: Session,
    organisation_id: UUID,
    instrument_id: UUID,
    language: str,
    *,
    everything: bool = False,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    trouble: str = "",
) -> views.TranslationPage:
    """The texts of a draft in a language: those that are missing, new or typed first, all where that is asked for.

    NotFoundError for a language that nothing is translated into.
    """
    draft = drafts.draft(session, organisation_id, instrument_id)
    if language not in draft.languages:
        raise NotFoundError
    lines = {one.path: one for one in _lines(draft, language, typed or {}, errors or {})}
    asked = lines.keys() if everything else {*(typed or {}), *(errors or {}), *_changed(draft, language)}
    every = tuple(_section(one, lines, asked) for one in sections(draft.instrument))
    return views.TranslationPage(
        place=pages.place(session, organisation_id, instrument_id),
        target=LANGUAGES[language],
        languages=languages(draft, here=language),
        sections=tuple(one for one in every if one.lines),
        shown=sum(len(one.lines) for one in every),
        total=len(lines),
        unreviewed=sum(one.unreviewed for one in every),
        reviewed=sum(one.reviewed for one in every),
        everything=everything,
        errors={f"say.{path}": sentence for path, sentence in (errors or {}).items()},
        trouble=trouble,
    )


def publishing(
    session: Session,
    organisation_id: UUID,
    instrument_id: UUID,
    *,
    typed: str | None = None,
    errors: Mapping[str, str] | None = None,
    trouble: str = "",
) -> views.PublishPage:
    """What publishing a draft does."""
    draft = drafts.draft(session, organisation_id, instrument_id)
    return views.PublishPage(
        place=pages.place(session, organisation_id, instrument_id),
        changes=draft.changes,
        trend=trend(draft.base, draft.instrument),
        begun_from=pages.named(draft.base),
        proposed=draft.proposed,
        means=changes.WHAT_IT_MEANS[draft.changes.kind],
        typed=draft.proposed if typed is None else typed,
        languages=languages(draft),
        retold=tuple(
            views.RetoldLine(LANGUAGES[one.language], label_of(draft.instrument, one.path), one.before, one.now)
            for one in draft.retold
        ),
        errors=errors or {},
        trouble=trouble,
    )


def languages(draft: Draft, *, here: str = "") -> tuple[views.LanguageLine, ...]:
    """The languages of a draft in short."""
    return tuple(_language(draft, tag, here) for tag in draft.languages)


def _language(draft: Draft, tag: str, here: str) -> views.LanguageLine:
    found = draft.translation(tag)
    return views.LanguageLine(
        LANGUAGES[tag],
        count=len(source_texts(draft.instrument)),
        missing=len(draft.untranslated(tag)),
        unreviewed=0 if found is None else len(found.unreviewed()),
        here=tag == here,
    )


def marked(session: Session, organisation_id: UUID, instrument_id: UUID, part: str) -> frozenset[str]:
    """The paths of the texts of one part of a draft, or of the "whole". NotFoundError for a part that it has not."""
    there = sections(drafts.draft(session, organisation_id, instrument_id).instrument)
    found = [path for one in there if part in ("whole", one.key) for path in one.paths]
    if not found:
        raise NotFoundError
    return frozenset(found)


def _section(section: Section, lines: Mapping[str, views.TextLine], asked: Collection[str]) -> views.TextSection:
    states = [lines[path].state for path in section.paths]
    return views.TextSection(
        section.key,
        section.title,
        tuple(lines[path] for path in section.paths if path in asked),
        unreviewed=states.count("machine"),
        reviewed=states.count("reviewed"),
    )


def _changed(draft: Draft, language: str) -> set[str]:
    """The texts that this language lacks, and those that are new in the draft."""
    new = {item.id for item in draft.changes.added} | {now.id for _, now in draft.changes.reworded}
    return {*draft.untranslated(language), *(f"items.{item_id}" for item_id in new)}


def _lines(
    draft: Draft, language: str, typed: Mapping[str, str], errors: Mapping[str, str]
) -> Iterable[views.TextLine]:
    found = draft.translation(language)
    for path, source in source_texts(draft.instrument).items():
        kept = "" if found is None else found.texts.get(path, "")
        yield views.TextLine(
            path=path,
            label=label_of(draft.instrument, path),
            source=source,
            text=typed.get(path, kept),
            state="missing" if found is None or not kept else found.state_of(path),
            error=errors.get(path),
        )
