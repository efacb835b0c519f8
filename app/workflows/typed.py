"""What was typed about a workflow, as it was typed, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

from app.errors import InvalidError
from app.numerals import whole
from app.sentences import say
from app.web.forms import FormData
from app.workflows.facts import A_MONTH, DATA, FLAGS, TESTS, Facts
from app.workflows.queries import WorkflowFacts
from app.workflows.rules import MOST_TYPED
from app.workflows.service import NOT_TOLD

TEXTS: Final = ("name", "description", "trigger", "owner", "systems", "ground", "tests_shown")
COUNTS: Final = tuple(name for name in TESTS if name != "offline")
NUMBERS: Final = ("times", "minutes", "people", "money_limit", *COUNTS)
STEPS: Final = ("data_ready", "undo", "consequence")
ANSWERS: Final = ("affects_persons", "external_effect", "offline")
_YES_NO: Final[Mapping[str, bool]] = {"yes": True, "no": False}
_OF_BOOL: Final[Mapping[bool | None, str]] = {True: "yes", False: "no", None: ""}
_SPACES: Final = str.maketrans("", "", "\u0020\u00a0\u2009\u202f")


@dataclass(frozen=True)
class Typed:
    """A workflow as typed: `fields` by name; `data` and `legal` apart; `form` is the id that a new one gets.

    `seen` is the version that the form showed.
    """

    fields: Mapping[str, str]
    data: tuple[str, ...] = ()
    legal: Mapping[str, str] = field(default_factory=dict)
    rated: bool = False
    department: str = ""
    seen: int | None = None
    form: UUID = field(default_factory=uuid4)


def read(data: FormData) -> Typed:
    """The form of a workflow."""
    names = (*TEXTS, *NUMBERS, *STEPS, *ANSWERS, "per")
    return Typed(
        fields={name: data.text(name) for name in names},
        data=tuple(key for key in DATA if data.text(f"data-{key}")),
        legal={flag: data.text(f"law-{flag}") for flag in FLAGS},
        rated=bool(data.text("rated")),
        department=data.text("department"),
        seen=data.number("seen"),
        form=read_id(data.text("form")) or uuid4(),
    )


def told(typed: Typed) -> int:
    """The version that the form of a workflow showed, as the service takes it; that it says none is no permission."""
    return NOT_TOLD if typed.seen is None else typed.seen


def shown(one: WorkflowFacts, *, proposing: bool = False) -> Typed:
    """The form of a workflow as it is; with the answers of those who are `proposing`, where they differ."""
    facts = one.facts
    law = {**facts.legal, **facts.proposed} if proposing else facts.legal
    single = {name: getattr(facts, name) for name in TEXTS if name not in ("name", "systems")}
    texts = {"name": one.name, **single}
    numbers = {name: _written(getattr(facts, name)) for name in (*NUMBERS, *STEPS)}
    answers = {name: _OF_BOOL[getattr(facts, name)] for name in ANSWERS}
    return Typed(
        fields={**texts, "systems": "\n".join(facts.systems), **numbers, **answers, "per": facts.per},
        data=facts.data,
        legal={flag: _OF_BOOL[law.get(flag)] for flag in FLAGS},
        rated=one.rated,
        department=str(one.department_id),
        seen=one.version,
    )


def empty(department: str) -> Typed:
    """The form of a new workflow."""
    fields = {**dict.fromkeys((*TEXTS, *NUMBERS, *STEPS, *ANSWERS), ""), "per": "week"}
    return Typed(fields=fields, legal=dict.fromkeys(FLAGS, ""), department=department)


def facts_of(typed: Typed) -> Facts:
    """The facts that were typed. InvalidError names each field that holds no number."""
    numbers: dict[str, int | None] = {}
    errors: dict[str, str] = {}
    for name in (*NUMBERS, *STEPS):
        text = typed.fields[name].translate(_SPACES).removesuffix(".0")
        if text and whole(text, most=MOST_TYPED) is None:
            errors[name] = say("“{text}” is no whole number. Use digits, for example 12.", text=text[:40])
        else:
            numbers[name] = whole(text, most=MOST_TYPED)
    if errors:
        raise InvalidError(next(iter(errors.values())), fields=errors)
    lines = (" ".join(line.split()) for line in typed.fields["systems"].splitlines())
    return Facts(
        description=" ".join(typed.fields["description"].split()),
        trigger=" ".join(typed.fields["trigger"].split()),
        owner=" ".join(typed.fields["owner"].split()),
        systems=tuple(dict.fromkeys(line for line in lines if line)),
        data=typed.data,
        per=typed.fields["per"] if typed.fields["per"] in A_MONTH else "month",
        legal={flag: _YES_NO[answer] for flag, answer in typed.legal.items() if answer in _YES_NO},
        proposed={},
        affects_persons=_YES_NO.get(typed.fields["affects_persons"]),
        external_effect=_YES_NO.get(typed.fields["external_effect"]),
        times=numbers["times"],
        minutes=numbers["minutes"],
        people=numbers["people"],
        money_limit=numbers["money_limit"],
        data_ready=numbers["data_ready"],
        undo=numbers["undo"],
        consequence=numbers["consequence"],
        ground=" ".join(typed.fields["ground"].split()),
        tests_shown=" ".join(typed.fields["tests_shown"].split()),
        offline=_YES_NO.get(typed.fields["offline"]),
        **{name: numbers[name] for name in COUNTS},
    )


def read_id(text: str) -> UUID | None:
    """An id as a form sends it; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _written(value: int | None) -> str:
    return "" if value is None else str(value)
