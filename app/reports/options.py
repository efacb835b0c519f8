"""With what a report can be made: the sheets of paper and the languages, all that changes its bytes but the release."""

from dataclasses import dataclass
from typing import Final, Literal, Self, get_args

from app.errors import InvalidError
from app.sentences import say
from app.web.catalogs import SOURCE, SPOKEN_IN_THE_CONSOLE
from surveys.languages import LANGUAGES, Language

Paper = Literal["A4", "Letter"]
PAPERS: Final[tuple[Paper, ...]] = get_args(Paper)
SPOKEN: Final[tuple[Language, ...]] = tuple(LANGUAGES[tag] for tag in SPOKEN_IN_THE_CONSOLE)


@dataclass(frozen=True, slots=True, order=True)
class Options:
    """The paper of a report and the tag of its language."""

    paper: Paper = "A4"
    language: str = SOURCE

    @classmethod
    def read(cls, *, paper: str, language: str) -> Self:
        """The options of these names; raises InvalidError where one of them is not known."""
        sheet = next((known for known in PAPERS if known == paper), None)
        if sheet is None:
            raise InvalidError(say("Choose a paper size: A4 or Letter."), fields={"paper": say("Choose A4 or Letter.")})
        if language not in SPOKEN_IN_THE_CONSOLE:
            wrong = say("Choose one of the languages of the report.")
            raise InvalidError(wrong, fields={"language": wrong})
        return cls(sheet, language)

    @property
    def spoken(self) -> str:
        """The name of the language in itself."""
        return LANGUAGES[self.language].name

    @property
    def suffix(self) -> str:
        """What tells the files of one release apart by name, empty for the usual ones: `-de-letter`."""
        return ("" if self.language == SOURCE else f"-{self.language}") + (
            "" if self.paper == "A4" else f"-{self.paper.lower()}"
        )


EVERY: Final = tuple(Options(paper, one.tag) for one in SPOKEN for paper in PAPERS)
