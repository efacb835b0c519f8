"""The questionnaire as it is asked, to be read: its pages in their order, then the modules, each with its answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from app.sentences import Sentence, say, say_count
from app.waves.approvals import Papers
from surveys.arrange import Page, longest_share, minutes, pages
from surveys.model import Instrument, Item


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


def sections(papers: Papers, instrument: Instrument | None = None) -> tuple[Section, ...]:
    """Every page that somebody of the wave is asked, once: those for all, then the modules.

    `instrument` is the questionnaire of the papers in the language of the reader, without it as it was written.
    """
    instrument = instrument or papers.instrument
    found: dict[tuple[str, str], Page] = {}
    for function in _functions(papers):
        for page in pages(instrument, form=papers.form, function=function, seed=b""):
            found.setdefault((page.key, page.title), page)
    told = [_section(instrument, page) for page in found.values()]
    return (*sorted(told, key=lambda section: section.module), *_rating(papers, instrument))


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


def _rating(papers: Papers, instrument: Instrument) -> Iterator[Section]:
    """The pages on which workflows are rated, each workflow once."""
    every = {one.id: one for some in papers.workflows for one in some}
    if not every:
        return
    function = _functions(papers)[0]
    asked = pages(instrument, form=papers.form, function=function, seed=b"", workflows=tuple(every.values()))
    for page in asked[-len(every) :]:
        told = tuple(Asked(_answers(instrument, item), (item.text,)) for item in page.items)
        yield Section(page.title, page.stem, module=True, asked=told)


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
