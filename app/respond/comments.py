"""The page on which people write in their own words: what it shows, and reading what was sent.

Nothing that is written here is logged or kept but in the encrypted draft, until it is sent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import ClassVar, Final

from app.answers import masking
from app.answers.write import DraftAnswers, Remark
from app.respond.visit import Visit
from app.sentences import say
from app.web.forms import FormData
from app.web.views import View
from surveys.comments import QUESTIONS, CommentQuestion
from surveys.languages import Language
from surveys.translations import spoken_questions

LONGEST: Final = 1000
# By what the page's attributes are called: a script has no use for a hyphen.
KINDS: Final[Mapping[masking.Kind, str]] = {"name": "name", "e-mail": "mail", "phone": "phone"}
WORDS: Final = MappingProxyType({KINDS[kind]: word for kind, word in masking.WORDS.items()})
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class RemarksForm:
    """The page as it was sent. `errors` has a sentence for each question whose text is too long.

    `go` is next or back, stay where a language was chosen to go on in, `switch`, keep where it is only saved.

    `warned`: the page that was sent had the warning about names on it.
    """

    remarks: Mapping[str, Remark]
    errors: Mapping[str, str]
    go: str
    warned: bool
    switch: str

    @property
    def found(self) -> str:
        """What in it seems to say who somebody is, in words; empty for nothing."""
        return seen_in(self.remarks)


@dataclass(frozen=True)
class Field:
    """A question with what was written so far."""

    id: str
    text: str
    body: str
    themes_only: bool
    error: str | None


@dataclass(frozen=True)
class CommentsPage(View):
    """The last page before sending. `found` says in words what seems to name somebody, where that is to be shown.

    `patterns` are those of `masking` as JSON, for the warning while somebody types, and `kinds` the words for what each
    finds; `longest` in characters.
    """

    template: ClassVar[str] = "respond/comments.html"
    token: str
    organisation: str
    count: int
    longest: int
    fields: tuple[Field, ...]
    saved: bool
    found: str
    patterns: str
    kinds: Mapping[str, str]
    languages: tuple[Language, ...]


@dataclass(frozen=True)
class CommentsPart(CommentsPage):
    """The same without what stands around it, for htmx."""

    template: ClassVar[str] = "respond/_comments.html"


@dataclass(frozen=True)
class Written:
    """What was written to one question, in the overview before sending; None for nothing."""

    text: str
    body: str | None
    themes_only: bool


def read_remarks(data: FormData) -> RemarksForm:
    """Reads the form. Line ends count as one character; what is only white space is nothing."""
    remarks, errors = {}, {}
    for one in QUESTIONS:
        body = data.text(one.id).replace("\r\n", "\n").replace("\r", "\n").strip()
        remarks[one.id] = Remark(body, bool(body) and data.text(f"{one.id}-themes") == "yes")
        if len(body) > LONGEST:
            errors[one.id] = say(
                "This has {length} characters, and {longest} fit. Nothing is lost: take out what matters least.",
                length=len(body),
                longest=LONGEST,
            )
    return RemarksForm(remarks, errors, _wanted(data), data.text("warned") == "yes", data.text("switch"))


def _wanted(data: FormData) -> str:
    go = data.text("go")
    return "stay" if data.text("switch") else go if go in ("back", "keep") else "next"


def seen_in(remarks: Mapping[str, Remark]) -> str:
    """What in all remarks together seems to say who somebody is, in words; empty for nothing."""
    return masking.told(found for one in remarks.values() for found in masking.find(one.body))


def page(
    visit: Visit,
    draft: DraftAnswers | None,
    *,
    warning: bool = False,
    typed: Mapping[str, Remark] | None = None,
    errors: Mapping[str, str] = NOTHING,
) -> CommentsPage:
    """The page with what was saved, or with what was typed; `warning`: say what in it seems to name somebody."""
    remarks = typed if typed is not None else draft.remarks if draft else {}
    asked = spoken_questions(visit.translation)
    return CommentsPage(
        token=visit.token,
        organisation=visit.organisation.name,
        count=visit.wave.policy.k_comments,
        longest=LONGEST,
        fields=tuple(_field(one, remarks.get(one.id), errors.get(one.id)) for one in asked),
        saved=draft is not None and draft.begun and not errors,
        found=seen_in(remarks) if warning else "",
        patterns=_patterns(),
        kinds=WORDS,
        languages=visit.choice,
    )


def part(whole: CommentsPage) -> CommentsPart:
    """The part of the page that htmx puts in place of the page before."""
    return CommentsPart(**{f.name: getattr(whole, f.name) for f in fields(whole)})


def written(visit: Visit, draft: DraftAnswers | None) -> tuple[Written, ...]:
    """What was written to each question, for the overview; nothing where nobody is asked to write."""
    if not visit.wave.policy.comments:
        return ()
    remarks = draft.remarks if draft else {}
    nothing = Remark("")
    found = ((one, remarks.get(one.id, nothing)) for one in spoken_questions(visit.translation))
    return tuple(Written(one.text, remark.body or None, remark.themes_only) for one, remark in found)


def _field(asked: CommentQuestion, remark: Remark | None, error: str | None) -> Field:
    given = remark or Remark("")
    return Field(asked.id, asked.text, given.body, given.themes_only, error)


@cache
def _patterns() -> str:
    told = [[KINDS[kind], source] for kind, source in masking.PATTERNS]
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)
