"""Guardrails in words: why one counts, how it stands, what it refers to, and what counsel said of it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Final

from app.autonomy.decision import ControlFact
from app.autonomy.library import CONTROLS
from app.clients.functions import FUNCTIONS
from app.guardrails.facts import KINDS, STATUSES, Overall, Stand
from app.guardrails.queries import Note
from app.guardrails.views import ControlLine, DayLine, LawLine
from app.playbooks.guardrail import BASES, FLAGS, Catalogue, Guardrail, Reference, Standing
from app.sentences import Listing, Passage, Sentence, Value, say, say_count

STANDINGS: Final[Mapping[Standing, tuple[Sentence, Sentence]]] = {
    "now": (say("Count now"), say("At the levels that departments have, or at the one chosen above.")),
    "later": (
        say("Count from a higher level on"),
        say("To be in place before an agent is given more to do alone."),
    ),
    "where": (
        say("Count where a workflow is of a certain kind"),
        say("Nobody has said yet whether there is such a workflow. Answer it in the inventory of workflows."),
    ),
    "not_here": (say("Not here"), say("No department and no workflow is of the kind that they are for.")),
}


def ground(one: Overall) -> Value:
    """From which level a guardrail counts, and for whom."""
    return Passage((say("from {level}", level=one.guardrail.start.name), *_grounds(one, one.guardrail)), " · ")


def _grounds(one: Overall, guardrail: Guardrail) -> Iterator[Value]:
    if not guardrail.functions and not guardrail.flags:
        yield say("all departments")
    if one.functions:
        yield Listing(FUNCTIONS[name] for name in one.functions)
    elif one.standing == "not_here" and guardrail.functions:
        yield Listing(FUNCTIONS[name] for name in guardrail.functions)
    if one.flags:
        kinds = Passage((FLAGS[name] for name in one.flags), ", ")
        yield say("also where {kinds}", kinds=kinds) if one.functions else say("where {kinds}", kinds=kinds)


def where(one: Overall) -> str:
    """In how many departments it counts; empty where it counts in none, or where there is but one."""
    if not one.counting or len(one.stands) == 1:
        return ""
    return say_count("{n} of {all} departments", "{n} of {all} departments", len(one.counting), all=len(one.stands))


def told(one: Overall, owners: Mapping[str, str]) -> str:
    """How it stands where it counts: of several departments how many are how far."""
    if not one.counting:
        return ""
    if len(one.stands) == 1:
        return Passage(control_told(fact, owners) for fact in one.stands[0].controls)
    found = Counter(stand.status for stand in one.counting if stand.status)
    if set(found) == {"in_force"}:
        return say("until {day} at first", day=one.until) if one.until else ""
    if len(found) == 1:
        return ""
    parts = (say("{state}: {count}", state=STATUSES[key], count=found[key]) for key in STATUSES if key in found)
    return Passage(parts, " · ")


def counts_told(stand: Stand) -> Sentence:
    """Whether a guardrail counts in a department."""
    start = stand.applied.guardrail.start.name
    match stand.applied.standing:
        case "now":
            return say("counts now")
        case "later":
            return say("from {level} on", level=start)
        case "where":
            return say("if a workflow is of that kind")
        case "not_here":
            return say("does not count here")


def control_line(fact: ControlFact, owners: Mapping[str, str]) -> ControlLine:
    """A control with how it stands."""
    return ControlLine(id=fact.control, title=CONTROLS[fact.control].title, told=control_told(fact, owners))


def control_told(fact: ControlFact, owners: Mapping[str, str]) -> Sentence:
    """How a control stands: until when, and who answers for it."""
    owner = owners.get(fact.attestation, "")
    if fact.status == "in_force" and fact.until and owner:
        return say(
            "{control} in force until {day}; {owner} answers for it.",
            control=fact.control,
            day=fact.until,
            owner=owner,
        )
    if fact.status == "lapsed" and fact.until:
        return say("{control} ended on {day}.", control=fact.control, day=fact.until)
    if fact.status == "missing":
        return say("{control} is missing.", control=fact.control)
    return say("{control} does not count: something is missing in what was attested.", control=fact.control)


def counsel(notes: Collection[Note], guardrail: Guardrail) -> str:
    """What counsel said last of a guardrail, with a word where it has other words since."""
    newest = next(iter(notes), None)
    if newest is None:
        return ""
    return Passage((said(newest), otherwise(newest, guardrail)))


def said(note: Note) -> Sentence:
    """Who said what, and when."""
    kind = next(told for key, told in KINDS.items() if key == note.kind)
    return say("{kind}: {counsel}, {day}.", kind=kind, counsel=note.counsel, day=note.said_on)


def otherwise(note: Note, guardrail: Guardrail) -> str:
    """That the words have changed since somebody confirmed them; empty where they have not."""
    if note.edition == guardrail.version:
        return ""
    return say("That was said of version {old}; this is {new}.", old=note.edition, new=guardrail.version)


def cited(part: Reference) -> str:
    """A place in a law, as it is quoted."""
    return f"{part.law}: {part.part}"


def days(catalogue: Catalogue, named: Collection[str], today: date) -> Iterator[DayLine]:
    """The rows of the table of laws with days, of the laws that are named."""
    for one in catalogue.days:
        if one.law in named:
            law, day = catalogue.laws[one.law], date.fromisoformat(one.day)
            until = date.fromisoformat(one.until) if one.until else None
            yield DayLine(
                day=day,
                until=until,
                law=one.law,
                what=one.what,
                basis=BASES[law.basis],
                confirmed=one.confirmed,
                checked_on=date.fromisoformat(law.checked_on),
                ahead=day > today,
                over=until is not None and until < today,
            )


def laws(catalogue: Catalogue, named: Collection[str]) -> Iterator[LawLine]:
    """What was read of each law that is named."""
    for law in catalogue.laws.values():
        if law.name in named:
            checked = date.fromisoformat(law.checked_on)
            yield LawLine(
                name=law.name, basis=BASES[law.basis], checked_on=checked, confirmed=law.basis != "not_checked"
            )
