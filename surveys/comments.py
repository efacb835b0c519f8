"""The two questions that people answer in their own words, where a wave asks for comments (MEASUREMENT.md 1.5, 4.6).

They stand beside the published questionnaires, whose hashes they must not change. As with items, a new wording gets a
new id: what was written to one question is never shown under another.
"""

from dataclasses import dataclass
from typing import Final

VERSION: Final = "1.0.0"


@dataclass(frozen=True, slots=True)
class CommentQuestion:
    """A question without answers to choose from."""

    id: str
    text: str


QUESTIONS: Final = (
    CommentQuestion(
        "needed",
        "If AI agents were to do part of your department’s work: what would have to be right first?",
    ),
    CommentQuestion(
        "minds",
        "When you think of AI agents in your own work: what do you hope for, and what worries you?",
    ),
)


def question(question_id: str) -> CommentQuestion:
    """The question of that id; a KeyError when there is none."""
    for one in QUESTIONS:
        if one.id == question_id:
            return one
    raise KeyError(question_id)
