"""The sheets of paper a report is made for."""

from typing import Literal, get_args

from app.errors import InvalidError
from app.sentences import say

Paper = Literal["A4", "Letter"]
PAPERS: tuple[Paper, ...] = get_args(Paper)


def read_paper(text: str) -> Paper:
    """The paper of that name; raises InvalidError for any other."""
    for paper in PAPERS:
        if paper == text:
            return paper
    raise InvalidError(say("Choose a paper size: A4 or Letter."), fields={"paper": say("Choose A4 or Letter.")})
