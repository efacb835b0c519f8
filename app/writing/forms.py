"""The form of an action of a client's own, as it was typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from app.playbooks.action import BANDS, DIMENSIONS, KNOWN_FUNCTIONS
from app.playbooks.own import Written
from app.playbooks.roles import ROLES
from app.web.catalogs import SOURCE, SPOKEN_IN_THE_CONSOLE
from app.web.forms import FormData
from surveys.languages import LANGUAGES

OFFERED: Final = tuple(tag for tag in SPOKEN_IN_THE_CONSOLE if tag != SOURCE)
"""Languages beside English in which the console speaks, so that an action is asked for its words in them."""
MOST_NEEDS: Final = 3
"""So many an action is asked for; one that came with more keeps them."""
TICKED: Final[Mapping[str, tuple[str, ...]]] = {
    "bands": BANDS,
    "functions": KNOWN_FUNCTIONS,
    "support": tuple(ROLES),
    "moves": DIMENSIONS,
}
NAMED: Final = ("unlocks", "questions", "guardrails")
LISTED: Final = ("steps", "evidence", "sources")
SINGLE: Final = ("dimension", "instead_of", "owner", "cost", "title", "why", "risk", "review_by")


BLANK: Final[Mapping[str, object]] = {
    **dict.fromkeys((*SINGLE, "hours", "weeks"), ""),
    **{name: () for name in (*TICKED, *NAMED, *LISTED, "needs")},
    "recurring": False,
}
"""A form in which nothing stands."""


@dataclass(frozen=True)
class Typed:
    """An action as typed. `form` is the id that a new one gets; `seen` how often it was saved when the form was shown;
    `code` its id where it is one already, `source` that of the library's that is copied; `caught_up`: the library's
    newer words were looked at."""

    written: Written
    form: UUID
    seen: int | None = None
    code: str = ""
    source: str = ""
    caught_up: bool = False


def read(data: FormData, *, code: str = "") -> Typed:
    """The form as it was sent; languages whose fields were not on the page are not among its words."""
    tags = [tag for tag in LANGUAGES if f"{tag}-title" in data.fields]
    words = {tag: _texts(data, f"{tag}-") for tag in tags}
    return Typed(
        written=Written(
            fields={
                **{name: _line(data.text(name)) for name in SINGLE},
                **{name: [one for one in known if data.text(f"{name}-{one}")] for name, known in TICKED.items()},
                **{name: _ids(data.text(name)) for name in NAMED},
                **{name: _lines(data.text(name)) for name in LISTED},
                **{name: _number(data.text(name)) for name in ("hours", "weeks")},
                "needs": _needs(data),
                "recurring": bool(data.text("recurring")),
            },
            words={tag: said for tag, said in words.items() if any(said.values())},
        ),
        form=read_id(data.text("form")) or uuid4(),
        seen=data.number("seen"),
        code=code,
        source=data.text("source"),
        caught_up=bool(data.text("caught_up")),
    )


def read_id(text: str) -> UUID | None:
    """An id, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _texts(data: FormData, before: str) -> dict[str, object]:
    return {
        **{name: _line(data.text(before + name)) for name in ("title", "why")},
        **{name: _lines(data.text(before + name)) for name in ("steps", "evidence")},
        "risk": _line(data.text(before + "risk")),
    }


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> list[str]:
    return [line for line in map(_line, text.splitlines()) if line]


def texts(value: object) -> tuple[str, ...]:
    """The texts of a field that is a list; none for anything else."""
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()


def _needs(data: FormData) -> list[str]:
    """What it comes after: as many as the form had places for, each once."""
    places = max(MOST_NEEDS, sum(name.startswith("need-") for name in data.fields))
    return list(dict.fromkeys(filter(None, (data.text(f"need-{at}") for at in range(places)))))


def _ids(text: str) -> list[str]:
    return [one for one in re.split(r"[\s,;]+", text) if one]


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"\d{1,6}", text, re.ASCII) else text
