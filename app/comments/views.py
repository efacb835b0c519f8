"""The pages on which comments are reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from app.accounts.queries import UserFacts
from app.clients.queries import OrganisationFacts
from app.web.views import View

Piece = tuple[str, bool]
"""A stretch of a comment, and whether it stands for words taken out."""


@dataclass(frozen=True)
class Place:
    """Where a page stands: the organisation, and the wave in it. `inside`: the reader sees the wave's other pages."""

    organisation_id: UUID
    organisation: str
    wave_id: UUID
    wave: str
    inside: bool


@dataclass(frozen=True)
class WaitingPage(View):
    """There is nothing to review: why, and what happens next."""

    template: ClassVar[str] = "comments/waiting.html"
    place: Place
    title: str
    text: str


@dataclass(frozen=True)
class HandedOverPage(View):
    """What a consultant sees while people of the client review the comments: how far they are."""

    template: ClassVar[str] = "comments/handed_over.html"
    place: Place
    reviewers: tuple[str, ...]
    decided: int
    count: int


@dataclass(frozen=True)
class WaveLine:
    """A wave that asks for comments: what is to do there, and whether there is something to read."""

    wave_id: UUID
    label: str
    state: str
    readable: bool


@dataclass(frozen=True)
class WavesPage(View):
    """The waves of an organisation whose comments somebody reviews."""

    template: ClassVar[str] = "comments/waves.html"
    organisation: OrganisationFacts
    waves: tuple[WaveLine, ...]


@dataclass(frozen=True)
class ReviewersPage(View):
    """Who reviews the comments of a client. `link` lets `linked` choose a password; it is shown once."""

    template: ClassVar[str] = "comments/reviewers.html"
    organisation: OrganisationFacts
    reviewers: tuple[UserFacts, ...]
    name: str = ""
    email: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    linked: str = ""
    link: str = ""


@dataclass(frozen=True)
class Line:
    """A comment in the list: its words, and what was decided."""

    comment_id: UUID
    pieces: tuple[Piece, ...]
    decision: str
    decided: str
    theme: str
    themes_only: bool
    by: str


@dataclass(frozen=True)
class Group:
    """The comments to one question, with the themes named so far and how often."""

    question: str
    lines: tuple[Line, ...]
    themes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Published:
    """What is told of the newest supplement: `shown` comments, and the statement of its certificate."""

    number: int
    sha256: str
    shown: int
    statement: str


@dataclass(frozen=True)
class QueuePage(View):
    """All comments of a wave under review. `state` is decide, publish (all are decided), making, failed, published, or
    again (the result was made again since they were published).

    `k` is what people and comments have to reach; `problem` says why publishing failed.
    """

    template: ClassVar[str] = "comments/queue.html"
    place: Place
    state: str
    decided: int
    count: int
    k: int
    k_themes: int
    groups: tuple[Group, ...]
    published: Published | None
    problem: str


@dataclass(frozen=True)
class Choice:
    """What may be decided, with the key that does it."""

    decision: str
    label: str
    key: str


@dataclass(frozen=True)
class CommentPage(View):
    """One comment. `number` of `count` is how many are decided, this one counted.

    `replaced` is the decision of somebody else that the reader's own just took the place of; `by` and `decided` say
    whose decision stands. `removed` says what a program took out; `frozen`: its theme was published and stays.
    """

    template: ClassVar[str] = "comments/comment.html"
    place: Place
    comment_id: UUID
    question: str
    decided_count: int
    count: int
    pieces: tuple[Piece, ...]
    text: str
    open: bool
    removed: bool
    themes_only: bool
    theme: str
    themes: tuple[str, ...]
    frozen: bool
    decision: str
    decided: str
    by: str
    replaced: str
    seen: str
    choices: tuple[Choice, ...]
    errors: dict[str, str]
