"""The pages of authoring: what each template is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.authoring.forms import CopyInput, QuestionInput
from app.authoring.trend import TrendLine
from app.clients.queries import OrganisationFacts
from app.questionnaires.changes import Changes
from app.questionnaires.queries import InstrumentFacts, RemarkFacts
from app.questionnaires.remarks import RemarkInput
from app.readers.service import LinkLine
from app.web.views import View
from surveys.languages import Language
from surveys.model import Item

NO_REMARK = RemarkInput("", "", "")


@dataclass(frozen=True)
class SourceLine:
    """A published version that a copy can begin from."""

    sha256: str
    name: str
    version: str
    own: bool


@dataclass(frozen=True)
class ListPage(View):
    """The client's questionnaires, and the form that begins one. `remarks` counts open remarks by questionnaire.

    `named`, `refused` and `faults` are of the form that takes a file: the name that was typed, the sentences at its
    fields, and what is wrong in the file.
    """

    template: ClassVar[str] = "authoring/list.html"
    organisation: OrganisationFacts
    instruments: Sequence[InstrumentFacts]
    sources: Sequence[SourceLine]
    remarks: Mapping[UUID, int]
    typed: CopyInput
    errors: Mapping[str, str] = field(default_factory=dict)
    named: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[str] = ()


@dataclass(frozen=True)
class Place:
    """Where every page of a draft is: the client, the questionnaire, and how many remarks wait."""

    organisation: OrganisationFacts
    facts: InstrumentFacts
    remarks: int


@dataclass(frozen=True)
class QuestionLine:
    """A question of a module. `mark` says that it is new or reworded, or is empty; `remarks` are those still open."""

    item: Item
    informs: str
    mark: str
    first: bool
    last: bool
    remarks: int


@dataclass(frozen=True)
class ModuleBlock:
    """A module with its questions. `functions` names the departments that are asked them."""

    key: str
    name: str
    functions: str
    lines: Sequence[QuestionLine]


@dataclass(frozen=True)
class CoreLine:
    """A question of the core. `out`: it is left out; `may`: it can be left out."""

    item: Item
    out: bool
    may: bool
    remarks: int


@dataclass(frozen=True)
class CoreBlock:
    """A dimension with its questions; `left_out` counts those that the draft does not ask."""

    id: str
    name: str
    definition: str
    lines: Sequence[CoreLine]
    left_out: int


@dataclass(frozen=True)
class DraftPage(View):
    """The draft: modules, then the core, then what the changes do. `bare` are functions without a module of their own.

    `trouble` says why something was not done.
    """

    template: ClassVar[str] = "authoring/draft.html"
    place: Place
    begun_from: str
    modules: Sequence[ModuleBlock]
    bare: Sequence[tuple[str, str]]
    core: Sequence[CoreBlock]
    trend: Sequence[TrendLine]
    changed: bool
    trouble: str = ""


@dataclass(frozen=True)
class VersionLine:
    """A published version; `from_name` names the one that it was begun from."""

    version: str
    sha256: str
    published_at: datetime
    by: str
    from_name: str
    languages: str


@dataclass(frozen=True)
class VersionsPage(View):
    """The published versions of a questionnaire. `over`: somebody came for a draft that there is not any more;
    `published` says that the newest version was made of it, and not that it was given up."""

    template: ClassVar[str] = "authoring/versions.html"
    place: Place
    lines: Sequence[VersionLine]
    over: bool = False
    published: bool = False


@dataclass(frozen=True)
class GivingUpPage(View):
    """What giving up a draft does, before it is done. `remarked` counts the remarks of readers, resolved ones too."""

    template: ClassVar[str] = "authoring/give_up.html"
    place: Place
    changes: Changes
    remarked: int
    trouble: str = ""


@dataclass(frozen=True)
class Said:
    """The text of a question in another language, in a field of its own."""

    language: Language
    text: str
    reviewed: bool
    error: str | None


@dataclass(frozen=True)
class QuestionPage(View):
    """A question of a module: to be added (`item` is None) or changed.

    `module` is its module's name, empty for one that is begun with this question. `was_published`: a new wording
    becomes a new question. `now` is what the draft says when somebody else changed it meanwhile.
    """

    template: ClassVar[str] = "authoring/question.html"
    place: Place
    item: Item | None
    module_key: str
    module: str
    function: str
    dimensions: Sequence[tuple[str, str]]
    typed: QuestionInput
    said: Sequence[Said]
    was_published: bool
    errors: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    now: str = ""


@dataclass(frozen=True)
class TextLine:
    """A text with its translation; `state` is missing, machine, reviewed."""

    path: str
    label: str
    source: str
    text: str
    state: str
    error: str | None


@dataclass(frozen=True)
class TextSection:
    """A part of the questionnaire with its texts that are shown. Of all its texts, `unreviewed` are translated and
    nobody has marked them as reviewed; `reviewed` somebody has."""

    key: str
    title: str
    lines: Sequence[TextLine]
    unreviewed: int
    reviewed: int


@dataclass(frozen=True)
class LanguageLine:
    """A language in short: of how many texts it has how many, and how many a person has read."""

    language: Language
    count: int
    missing: int
    unreviewed: int
    here: bool


@dataclass(frozen=True)
class TranslationPage(View):
    """The texts of a draft in one language, `target`: those that are missing or changed, or `everything`.

    `shown` counts the texts on the page, `total` all there are; `unreviewed` and `reviewed` those that are translated.
    """

    template: ClassVar[str] = "authoring/translation.html"
    place: Place
    target: Language
    languages: Sequence[LanguageLine]
    sections: Sequence[TextSection]
    shown: int
    total: int
    unreviewed: int
    reviewed: int
    everything: bool
    errors: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""


@dataclass(frozen=True)
class PreviewPage(View):
    """The questionnaire as a respondent sees it, at two widths; the choices lead to `query`."""

    template: ClassVar[str] = "authoring/preview.html"
    place: Place
    languages: Sequence[Language]
    functions: Sequence[tuple[str, str]]
    forms: Sequence[tuple[str, str]]
    pages: Sequence[tuple[int, str]]
    chosen: Mapping[str, str]
    before: int | None
    after: int | None


@dataclass(frozen=True)
class RetoldLine:
    """A question or an answer in other words than before in one language, by the label of its place."""

    language: Language
    label: str
    before: str
    now: str


@dataclass(frozen=True)
class PublishPage(View):
    """What publishing does: the changes, the trend, what is missing, and the number of the version.

    `retold` are texts that somebody has to say of that they still mean the same.
    """

    template: ClassVar[str] = "authoring/publish.html"
    place: Place
    changes: Changes
    trend: Sequence[TrendLine]
    begun_from: str
    proposed: str
    means: str
    typed: str
    languages: Sequence[LanguageLine]
    retold: Sequence[RetoldLine]
    errors: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""


@dataclass(frozen=True)
class RemarksPage(View):
    """The links of the readers, and what they remarked."""

    template: ClassVar[str] = "authoring/remarks.html"
    place: Place
    lines: Sequence[LinkLine]
    remarks: Sequence[RemarkFacts]
    typed: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadQuestion:
    """A question as a lead reads it, with what was remarked on it with the same link."""

    item: Item
    remarks: Sequence[RemarkFacts]


@dataclass(frozen=True)
class ReadSection:
    """A module or a dimension as a lead reads it."""

    key: str
    title: str
    module: bool
    questions: Sequence[ReadQuestion]


@dataclass(frozen=True)
class ReaderPage(View):
    """The draft behind a link, for somebody without an account. `open`: there is a draft to remark on.

    `remarks` are those about the whole; `choices` the questions to choose from; `words` is the language of the
    questions, one of those `offered`. `resting` says why no remark is taken at the moment.
    """

    template: ClassVar[str] = "authoring/reader.html"
    token: str
    organisation: str
    zone: str
    reader: str
    name: str
    open: bool
    sections: Sequence[ReadSection]
    remarks: Sequence[RemarkFacts]
    choices: Sequence[tuple[str, str]]
    words: Language
    offered: Sequence[Language]
    typed: RemarkInput = NO_REMARK
    errors: Mapping[str, str] = field(default_factory=dict)
    resting: str = ""
