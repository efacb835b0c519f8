"""With what a file of a release can be made: all that changes its bytes but the release and what service.basis says."""

from dataclasses import dataclass
from typing import Final, Literal, Self, get_args

from app.errors import InvalidError
from app.reports.formats import FORMATS, PDF, Format
from app.sentences import Passage, Sentence, say
from app.web.catalogs import SOURCE, SPOKEN_IN_THE_CONSOLE
from surveys.languages import LANGUAGES, Language

Paper = Literal["A4", "Letter"]
PAPERS: Final[tuple[Paper, ...]] = get_args(Paper)
PAPERS_TOLD: Final[tuple[tuple[Paper, Sentence], ...]] = (
    ("A4", say("A4, for most of the world")),
    ("Letter", say("Letter, for the United States and Canada")),
)
SPOKEN: Final[tuple[Language, ...]] = tuple(LANGUAGES[tag] for tag in SPOKEN_IN_THE_CONSOLE)
BOARD: Final = ""
"""The edition that tells of the whole organisation."""
ROLES: Final = "roles"
"""The same with roles in place of the names of people: for readers outside, who come by a link."""
WHOLE: Final = frozenset({BOARD, ROLES})


@dataclass(frozen=True, slots=True, order=True)
class Options:
    """Paper, language (its tag), format (its key) and edition: `BOARD`, `ROLES`, or the id of a row."""

    paper: Paper = "A4"
    language: str = SOURCE
    format: str = PDF.key
    edition: str = BOARD

    @classmethod
    def read(cls, *, paper: str = "A4", language: str = SOURCE, kind: str = PDF.key, edition: str = BOARD) -> Self:
        """The options of these names, `kind` being the key of a format; what changes no byte is as usual.

        A format that names nobody is the same without names. Raises InvalidError where one of them is not known, or
        where the format has no editions for departments.
        Whether a release has that row is for whoever knows the release (`service.ask`).
        """
        made_as = FORMATS.get(kind)
        if made_as is None:
            wrong = say("Choose one of the formats: {formats}.", formats=", ".join(FORMATS))
            raise InvalidError(wrong, fields={"format": wrong})
        sheet = next((known for known in PAPERS if known == paper), None)
        if sheet is None:
            raise InvalidError(say("Choose a paper size: A4 or Letter."), fields={"paper": say("Choose A4 or Letter.")})
        if language not in SPOKEN_IN_THE_CONSOLE:
            wrong = say("Choose one of the languages: {languages}.", languages=", ".join(SPOKEN_IN_THE_CONSOLE))
            raise InvalidError(wrong, fields={"language": wrong})
        if edition == ROLES and not made_as.names:
            edition = BOARD
        if edition not in WHOLE and not made_as.editions:
            wrong = say("{format} is made for the whole organisation only.", format=made_as.name)
            raise InvalidError(wrong, fields={"edition": wrong})
        return cls(sheet if made_as.papers else "A4", language if made_as.spoken else SOURCE, kind, edition)

    @property
    def kind(self) -> Format:
        """What is known of the chosen format."""
        return FORMATS[self.format]

    @property
    def row(self) -> str:
        """The id of the row that it is cut to; empty for the whole organisation."""
        return "" if self.edition in WHOLE else self.edition

    @property
    def spoken(self) -> str:
        """The name of the language in itself."""
        return LANGUAGES[self.language].name

    @property
    def title(self) -> Passage:
        """What tells a file from the others of a release: `Report (PDF), English, A4`."""
        told = (
            self.kind.name,
            self.spoken if self.kind.spoken else "",
            self.paper if self.kind.papers else "",
            say("roles instead of names") if self.edition == ROLES else "",
        )
        return Passage(told, ", ")

    @property
    def suffix(self) -> str:
        """What tells the files of one release apart by name, empty for the usual ones: `-de-letter`."""
        return ("" if self.language == SOURCE else f"-{self.language}") + (
            "" if self.paper == "A4" else f"-{self.paper.lower()}"
        )

    @property
    def name(self) -> str:
        """A file name among others of the same release, with all that its bytes follow from: `de-A4.pdf`."""
        parts = (self.language, self.paper, *filter(None, (self.edition.replace(":", "-"),)))
        usual = self.kind.key == self.kind.extension
        return f"{'-'.join(parts if usual else (*parts, self.kind.key))}.{self.kind.extension}"

    @property
    def key(self) -> str:
        """What an id is made from; PDF files of the whole organisation keep the ids that they had."""
        of_the_board = self.paper + self.suffix
        usual = (self.format, self.edition) == (PDF.key, BOARD)
        return of_the_board if usual else f"{of_the_board}|{self.format}|{self.edition}"
