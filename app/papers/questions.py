"""The questionnaire as it is asked, to be read: its pages in their order, then the modules, each with its answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from app.respond.visit import OFTEN, OFTEN_STEM
from app.sentences import Sentence, say, say_count
from app.waves.approvals import Papers
from surveys.arrange import Page, Share, longest_share, minutes, pages
from surveys.model import Instrument, Item, PageText

CHOOSING_PAGE: Final = PageText(OFTEN, OFTEN_STEM)


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions one after the other that offer the same answers."""

    answers: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the questionnaire. `module`: only departments with this work are asked."""

    title: str
    stem: str
    module: bool
    asked: tuple[Asked, ...]


def sections(
    papers: Papers, instrument: Instrument | None = None, *, choosing: PageText = CHOOSING_PAGE
) -> tuple[Section, ...]:
    """Every page that somebody of the wave is asked, once: those for all, then the modules.

    `instrument` is the questionnaire of the papers in the language of the reader, without it as it was written;
    `choosing` are the words, in the same language, of the page that comes before more workflows than one person rates.
    """
    instrument = instrument or papers.instrument
    found: dict[tuple[str, str], Page] = {}
    for function in _functions(papers):
        for page in pages(instrument, form=papers.form, function=function, seed=b""):
            found.setdefault((page.key, page.title), page)
    told = [_section(instrument, page) for page in found.values()]
    return (*sorted(told, key=lambda section: section.module), *_rating(papers, instrument, choosing))


def length(papers: Papers) -> tuple[int, Sentence]:
    """How many questions somebody is asked at most, and how long that takes, in words."""
    functions = _functions(papers)
    most = max(papers.workflows, key=len, default=())
    asked = [
        pages(
            papers.instrument,
            form=papers.form,
            function=function,
            seed=b"",
            workflows=some,
            share=longest_share(papers.instrument, some),
        )
        for function in functions
        for some in ((), most)
    ]
    questions = max(sum(len(page.items) for page in some) for some in asked)
    taken = [minutes(some) for some in asked]
    low, high = min(taken), max(taken)
    if low == high:
        return questions, say_count("about a minute", "about {n} minutes", high)
    return questions, say("{low} to {high} minutes", low=low, high=high)


def _rating(papers: Papers, instrument: Instrument, choosing: PageText) -> Iterator[Section]:
    """The pages on which workflows are rated, department by department: where one person does not rate them all, first
    the page that asks how often each is done, and says that five of them at most follow, by lot."""
    function = _functions(papers)[0]
    before = len(pages(instrument, form=papers.form, function=function, seed=b""))
    for some in papers.workflows:
        many = longest_share(instrument, some) is not None
        share = Share(tuple(one.id for one in some), choosing) if many else None
        asked = pages(instrument, form=papers.form, function=function, seed=b"", workflows=some, share=share)
        for page in asked[before:]:
            told = groupby(page.items, key=lambda item: _answers(instrument, item))
            parts = tuple(Asked(answers, tuple(item.text for item in items)) for answers, items in told)
            yield Section(page.title, page.stem, module=True, asked=parts)


def _functions(papers: Papers) -> tuple[str, ...]:
    """The functions of the wave's departments; of a client that has none yet, every function."""
    return tuple(sorted(papers.functions & papers.instrument.functions.keys() or papers.instrument.functions))


def _section(instrument: Instrument, page: Page) -> Section:
    texts = tuple(
        Asked(answers, tuple(item.text for item in items))
        for answers, items in groupby(_ordered(instrument, page), key=lambda item: _answers(instrument, item))
    )
    return Section(page.title, page.stem, page.key == "module", texts)


def _ordered(instrument: Instrument, page: Page) -> Iterator[Item]:
    """The items in the order of the questionnaire: on the screen their order differs from person to person."""
    there = {item.id for item in page.items}
    return (item for item in instrument.items() if item.id in there)


def _answers(instrument: Instrument, item: Item) -> str:
    labels = [point.label for point in instrument.scales[item.scale].points]
    apart = [instrument.extra[code] for code, offered in (("nx", item.allow_nx), ("dk", item.allow_dk)) if offered]
    return " · ".join(labels + apart)
