"""The page of a plan quarter by quarter, in words: what was decided, done and measured, and how sure that is."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from app.accounts.access import Member
from app.accounts.roles import LEAD
from app.actions.facts import STATUS_WORDS
from app.clients.queries import OrganisationFacts
from app.effects.told import Account, Deed, Quarter, Shown, State
from app.effects.views import CellLine, DeedLine, QuarterPart, QuartersPage
from app.releases.document.words import signed
from app.sentences import Listing, Passage, Sentence, Value, say, say_count

Address = Callable[[UUID, Shown], str]
"""Where a cell of a wave is shown in full; "" where it is not."""

NOTHING: Final = say("Nothing can be told yet of what was done")
NONE_ROSE: Final = say("No cell that was acted on clearly rose more than comparable ones")
WITHOUT: Final[dict[State, Sentence]] = {
    "running": say("The next wave will show what moved."),
    "not_compared": say(
        "{label} and {next} were not compared, so nothing can be told. Compare them, and it is told here."
    ),
    "not_shown": say("The results of {label} and {next} are not both shared, so nothing is told of what moved."),
}
NO_RESULT: Final = say("{label} and {next} do not both have a result, so nothing is told of what moved.")
"""What whoever runs the client reads, to whom nothing needs to be shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads. A lead reads of their `own` department alone, and no numbers of other departments."""

    member: Member
    own: UUID | None
    address: Address

    @property
    def numbers(self) -> bool:
        """Whether comparable cells are told in numbers."""
        return self.member.role != LEAD

    def sees(self, deed: Deed) -> bool:
        """Whether this person may see an action."""
        return self.member.role != LEAD or deed.department_id == self.own


def quarters_page(organisation: OrganisationFacts, told: Account, reader: Reader) -> QuartersPage:
    """The page, the newest quarter first."""
    seen = [_narrowed(one, reader) for one in told.quarters]
    return QuartersPage(
        organisation=organisation,
        runs_it=reader.member.runs_it,
        numbers=reader.numbers,
        title=_title(seen),
        parts=tuple(_part(one, reader) for one in reversed(seen) if _has_some(one)),
    )


def counted(quarter: Quarter) -> Counter[str]:
    """How many cells have each outcome; a cell that several actions should move counts once."""
    return Counter(one.outcome for one in _cells_of(quarter))


def summary(quarter: Quarter) -> Sentence:
    """What a measured quarter shows, in one sentence."""
    found = counted(quarter)
    if not found:
        return say("Nothing was finished in this time that {next} could show.", next=quarter.next_label or "")
    rose, few = found["higher"], found["few"] + found["not_told"]
    told = [
        (rose, say_count("{n} rose more than comparable ones", "{n} rose more than comparable ones", rose)
         if _is_sure(quarter)
         else say_count("{n} seems to have risen more than comparable ones",
                        "{n} seem to have risen more than comparable ones", rose)),
        (found["lower"], say_count("{n} rose less or fell more", "{n} rose less or fell more", found["lower"])),
        (found["alike"], say_count("{n} moved about like them", "{n} moved about like them", found["alike"])),
        (few, say_count("{n} cannot be told", "{n} cannot be told", few)),
    ]  # fmt: skip
    parts = Listing(sentence for count, sentence in told if count)
    return say_count(
        "Of {n} cell that was acted on, {parts}.",
        "Of {n} cells that were acted on, {parts}.",
        found.total(),
        parts=parts,
    )


def _cells_of(quarter: Quarter) -> tuple[Shown, ...]:
    """Each cell that was acted on in a quarter, once."""
    every = (cell for cells in quarter.shown.values() for cell in cells)
    return tuple({(one.row_id or one.row, one.dimension): one for one in every}.values())


def _is_sure(quarter: Quarter) -> bool:
    """Whether all cells that rose more than comparable ones did so beyond doubt, not only as it seems."""
    rose = [one.beside for one in _cells_of(quarter) if one.outcome == "higher"]
    return all(one is not None and one.confirmation == "confirmed" for one in rose)


def _narrowed(quarter: Quarter, reader: Reader) -> Quarter:
    def mine(deeds: Sequence[Deed]) -> tuple[Deed, ...]:
        return tuple(one for one in deeds if reader.sees(one))

    done = mine(quarter.done)
    return replace(
        quarter,
        decided=mine(quarter.decided),
        records=quarter.records if reader.member.runs_it else (),
        done=done,
        dropped=mine(quarter.dropped),
        going_on=mine(quarter.going_on),
        shown={one.id: quarter.shown[one.id] for one in done if one.id in quarter.shown},
    )


def _title(quarters: Sequence[Quarter]) -> Sentence:
    """What the newest quarter says of which anything is measured."""
    one = next((one for one in reversed(quarters) if one.shown and _cells_of(one)), None)
    if one is None:
        return NOTHING
    rose, cells = counted(one)["higher"], len(_cells_of(one))
    if not rose:
        return NONE_ROSE
    if _is_sure(one):
        return say_count(
            "{rose} of {n} cell that was acted on rose more than comparable ones",
            "{rose} of {n} cells that were acted on rose more than comparable ones",
            cells,
            rose=rose,
        )
    return say_count(
        "{rose} of {n} cell that was acted on seems to have risen more than comparable ones",
        "{rose} of {n} cells that were acted on seem to have risen more than comparable ones",
        cells,
        rose=rose,
    )


def _has_some(quarter: Quarter) -> bool:
    ended = quarter.decided or quarter.done or quarter.dropped or quarter.records
    return bool(ended or (quarter.ends is None and quarter.going_on))


def _part(quarter: Quarter, reader: Reader) -> QuarterPart:
    label, following = quarter.label, quarter.next_label or ""
    named = (
        say("From {label} to {next}", label=label, next=following) if following else say("Since {label}", label=label)
    )
    measured = quarter.state == "measured"
    done = [
        _line(one, _ended(one), note=one.evidence, cells=tuple(_cells(quarter, one, reader))) for one in quarter.done
    ]
    return QuarterPart(
        key=f"q-{quarter.wave_id}",
        name=named,
        lead=_days(quarter),
        measured=summary(quarter)
        if measured
        else _without(quarter, reader).filled({"label": label, "next": following}),
        decided=tuple(_line(one, _decided(one)) for one in quarter.decided),
        records=_records(quarter),
        shown=tuple(one for one in done if one.cells),
        done=tuple(one for one in done if not one.cells),
        dropped=tuple(_line(one, _ended(one), note=one.reason) for one in quarter.dropped),
        going_on=tuple(_line(one, _going(one)) for one in quarter.going_on) if quarter.ends is None else (),
    )


def _without(quarter: Quarter, reader: Reader) -> Sentence:
    """Why nothing is measured."""
    return NO_RESULT if quarter.state == "not_shown" and reader.member.runs_it else WITHOUT[quarter.state]


def _days(quarter: Quarter) -> Sentence:
    if quarter.ends is None:
        return say("{begins} until today", begins=quarter.begins)
    return say("{begins} to {ends}", begins=quarter.begins, ends=quarter.ends)


def _records(quarter: Quarter) -> str:
    told = [say("record {number} on {day}", number=number, day=day) for number, day in reversed(quarter.records)]
    return say("Decided on how far agents may go: {records}.", records=Listing(told)) if told else ""


def _line(deed: Deed, about: Iterable[Value], *, note: str = "", cells: tuple[CellLine, ...] = ()) -> DeedLine:
    link = deed.link if note or cells else ""
    return DeedLine(id=deed.id, title=deed.title, about=Passage(about, " · "), note=note, link=link, cells=cells)


def _decided(deed: Deed) -> Iterator[Value]:
    yield deed.department
    yield say("taken on {day}", day=deed.taken)
    yield say("should move {cells}", cells=Listing(deed.moves))


def _ended(deed: Deed) -> Iterator[Value]:
    yield deed.department
    if deed.ended is not None:
        yield say("ended on {day}", day=deed.ended)
    yield say_count("{n} hour", "{n} hours", deed.hours)


def _going(deed: Deed) -> Iterator[Value]:
    yield deed.department
    yield STATUS_WORDS[deed.status]
    yield say("due on {day}", day=deed.due)


def _cells(quarter: Quarter, deed: Deed, reader: Reader) -> Iterator[CellLine]:
    for one in quarter.shown.get(deed.id, ()):
        change, near = one.change, one.beside
        yield CellLine(
            name=one.name,
            row=one.row,
            address=reader.address(quarter.next_id, one) if quarter.next_id else "",
            moved=say("{before} → {now} ({points})", before=change.before, now=change.now, points=signed(change.delta))
            if change
            else "–",
            beside=_beside(one) if reader.numbers else _counted_others(one),
            apart=say("{points} ({first} to {last})", points=signed(near.distance), first=signed(near.interval[0]),
                      last=signed(near.interval[1])) if near and reader.numbers else "–",
            said=one.said,
        )  # fmt: skip


def _beside(one: Shown) -> str:
    if one.beside is None:
        return _counted_others(one)
    return say_count(
        "{points} on average of {n}", "{points} on average of {n}", one.others, points=signed(one.beside.centre)
    )


def _counted_others(one: Shown) -> str:
    return "–" if one.change is None else str(one.others)
