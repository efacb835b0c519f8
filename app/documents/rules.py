"""What a document may say, in sentences for what it may not: lengths, choices, and who answers for what. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.documents.content import Content, Head, Line, Part, path
from app.documents.template import APPROVING, PREPARING, Template
from app.errors import InvalidError
from app.sentences import Passage, say

LONGEST: Final = 2000
MOST_LINES: Final = 120
AGENT: Final = "agent"
ACCOUNTABLE: Final = frozenset({"A", "A R"})
DOES: Final = frozenset({"R", "A R"})


def require_possible(content: Content, template: Template) -> None:
    """InvalidError with a sentence for each place that can't be so, by its path."""
    found: dict[str, str] = {}
    for part in content.parts:
        found |= dict(_about_texts(part))
        rule = template.part(part.id)
        if rule is not None and rule.rule == "raci":
            found |= dict(_about_roles(part, content.part("people")))
    if found:
        raise InvalidError(Passage(found.values()), fields=found)


def _about_texts(part: Part) -> Iterator[tuple[str, str]]:
    if part.said is not None and len(part.said.text) > LONGEST:
        yield part.id, _too_long(part.label, len(part.said.text))
    if sum(line.added for line in part.shown) > MOST_LINES:  # the data's own are as many as there are
        told = say("“{name}” has more than {most} lines of your own. Leave some out.", name=part.label, most=MOST_LINES)
        yield part.id, told
    for line in part.lines:
        for head, cell in zip(part.heads, line.cells, strict=True):
            name = path(part.id, line.id, head.id)
            if len(cell.text) > LONGEST:
                yield name, _too_long(head.label, len(cell.text))
            elif head.choices and cell.text and cell.text not in head.choices:
                known = ", ".join(head.choices)
                yield name, say("“{text}” can’t stand under {head}. Choose one of: {known}.", text=cell.text[:40],
                                head=head.label, known=known)  # fmt: skip


def _too_long(name: str, count: int) -> str:
    return say("“{name}” has {count} characters. Use at most {most}.", name=name, count=count, most=LONGEST)


def _about_roles(part: Part, people: Part | None) -> Iterator[tuple[str, str]]:
    """Exactly one person answers for each step, an agent for none, and nobody approves what they prepared."""
    shown = part.shown
    roles = [head for head in part.heads[1:] if head.id != AGENT]
    for line in shown:
        step = line.cells[0].text
        if _letter(part.heads, line, AGENT) not in ("", "T"):
            yield (
                path(part.id, line.id, AGENT),
                say("“{step}”: an agent answers for nothing. It is a tool (T), and a person answers.", step=step),
            )
        answering = [head for head in roles if _letter(part.heads, line, head.id) in ACCOUNTABLE]
        if len(answering) != 1:
            where = answering[1] if answering else roles[0]
            told = (
                say("“{step}” has more than one A. One person answers for each step.", step=step)
                if answering
                else say("“{step}” has no A. Say which one person answers for it.", step=step)
            )
            yield path(part.id, line.id, where.id), told
        if not any(_letter(part.heads, line, head.id) in DOES for head in roles):
            yield path(part.id, line.id, roles[-1].id), say("“{step}” has no R. Say who does it.", step=step)
    yield from _about_approval(part, shown, roles, people)


def _about_approval(
    part: Part, shown: Sequence[Line], roles: Sequence[Head], people: Part | None
) -> Iterator[tuple[str, str]]:
    preparing = _doing(part, shown, roles, PREPARING)
    approving = _doing(part, shown, roles, APPROVING)
    for head in roles:
        if head.id in preparing and head.id in approving:
            yield (
                path(part.id, APPROVING, head.id),
                say("“{role}” prepares and approves. Whoever approves must not have prepared.", role=head.label),
            )
    names = _names(people)
    for approver in sorted(approving):
        same = [
            one for one in preparing if one != approver and names.get(one) and names.get(one) == names.get(approver)
        ]
        if same:
            yield (
                path("people", approver, "name"),
                say("{name} prepares and approves. Name two people for that.", name=names[approver]),
            )


def _doing(part: Part, shown: Sequence[Line], roles: Sequence[Head], step: str) -> frozenset[str]:
    line = next((one for one in shown if one.id == step), None)
    if line is None:
        return frozenset()
    return frozenset(head.id for head in roles if _letter(part.heads, line, head.id) in DOES)


def _letter(heads: Sequence[Head], line: Line, id: str) -> str:
    return next((cell.text for head, cell in zip(heads, line.cells, strict=True) if head.id == id), "")


def _names(people: Part | None) -> dict[str, str]:
    """The names of those who hold the roles, as far as they are there."""
    if people is None:
        return {}
    return {line.id: " ".join(_letter(people.heads, line, "name").split()).casefold() for line in people.shown}
