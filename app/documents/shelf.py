"""The templates that this service brings along: read whole, checked, and read once a process."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from app.documents.reading import LibraryError, Where, read
from app.documents.template import Subject, Template
from app.errors import NotFoundError
from app.sentences import say

_LOADER: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LIBRARY: Final = Path(__file__).resolve().parent / "library"
ORDER: Final = (
    "stakeholder_map", "communication_plan", "training_plan", "decision_log",
    "pilot_charter", "workflow_map", "raci", "role_redesign", "oversight_plan", "runbook", "impact_assessment",
    "worker_note",
)  # fmt: skip
"""As they are needed: first the client's, then those of a workflow."""


@cache
def templates() -> Mapping[str, Template]:
    """The templates by their ids, in their order. LibraryError for one that does not fit."""
    return read_folder(LIBRARY)


def read_folder(folder: Path) -> Mapping[str, Template]:
    """The templates of a folder; LibraryError says what does not fit, by file, part and field."""
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("*.yaml"), key=_place):
        try:
            written = yaml.load(path.read_text("utf-8"), _LOADER)  # noqa: S506 - one of the two safe ones
        except yaml.YAMLError as error:
            raise LibraryError(Where(path.stem), say("{problem}", problem=str(error))) from error
        found[path.stem] = read(path.stem, written)
    return found


def template(id: str) -> Template:
    """A template by its id; NotFoundError where there is none."""
    found = templates().get(id)
    if found is None:
        raise NotFoundError
    return found


def of_subject(subject: Subject) -> tuple[Template, ...]:
    """The templates for clients or for workflows."""
    return tuple(one for one in templates().values() if one.subject == subject)


def _place(path: Path) -> tuple[int, str]:
    return (ORDER.index(path.stem) if path.stem in ORDER else len(ORDER), path.stem)
