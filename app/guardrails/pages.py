"""The pages of guardrails, put together from what one person may see."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from app.errors import NotFoundError
from app.guardrails import wording
from app.guardrails.facts import CONFIRM, KINDS, ORDER, STATUSES, Overall, Spot, Stand, overall
from app.guardrails.forms import Typed, field_of, written
from app.guardrails.places import CLIENT, PLACES, Given, countries
from app.guardrails.queries import Note
from app.guardrails.sight import Sight
from app.guardrails.views import (
    Box,
    Cited,
    CountriesPage,
    DepartmentLine,
    Group,
    GuardrailPage,
    GuardrailsPage,
    NoteLine,
    Place,
    Rule,
    Serving,
)
from app.playbooks import pages as playbooks
from app.playbooks.catalogue import catalogue
from app.playbooks.guardrail import BASES, Guardrail
from app.playbooks.shelf import library
from app.sentences import Listing, Value, say
from scoring.levels import Level

MOST_ACTIONS: Final = 6


def guardrails_page(seen: Sight, *, department: str, level: str, state: str, language: str) -> GuardrailsPage:
    """The guardrails of all departments that somebody may see, or of one; what can't be meant is no filter."""
    chosen = next((one for one in seen.spots if one.id == department), None)
    if chosen is None and len(seen.spots) == 1:
        chosen = seen.spots[0]
    spots = seen.spots if chosen is None else (chosen,)
    asked = Level.__members__.get(level)
    if asked is not None:
        spots = tuple(replace(one, level=asked) for one in spots)
    found = overall(catalogue(), spots)
    state = state if state in STATUSES else ""
    named = {part.law for one in found for part in one.references}
    counts = Counter(key for one in found for key in STATUSES if one.is_at(key))
    return GuardrailsPage(
        organisation=seen.organisation,
        runs_it=seen.runs_it,
        name=chosen.name if chosen else "",
        where=where_told(key for one in spots for key in one.countries),
        granted=seen.granted.told if asked is None else say("the level that is chosen"),
        departments=tuple((one.id, "\u2003" * one.depth + one.name) for one in seen.spots),
        department=chosen.id if chosen else "",
        levels=tuple((one.name, playbooks.level(one)) for one in Level),
        level=asked.name if asked is not None else "",
        states=tuple(STATUSES.items()),
        state=state,
        counts=tuple((STATUSES[key], counts[key]) for key in STATUSES if counts[key]),
        groups=tuple(_groups(found, seen, state)),
        days=tuple(wording.days(catalogue(), named, seen.known.as_of)),
        laws=tuple(wording.laws(catalogue(), named)),
        machine=catalogue().states.get(language) == "machine",
    )


def where_told(keys: Iterable[str]) -> Value:
    """Countries in a row, each once."""
    there = set(keys)
    return Listing(name for key, name in PLACES.items() if key in there)


def _groups(found: tuple[Overall, ...], seen: Sight, state: str) -> list[Group]:
    meant = [one for one in found if not state or one.is_at(state)]
    return [
        Group(
            key=key,
            name=wording.STANDINGS[key][0],
            told=wording.STANDINGS[key][1],
            rules=tuple(_rule(one, seen) for one in meant if one.standing == key),
        )
        for key in ORDER
        if any(one.standing == key for one in meant)
    ]


def _rule(one: Overall, seen: Sight) -> Rule:
    status = one.status
    return Rule(
        id=one.guardrail.id,
        title=one.guardrail.title,
        about=wording.ground(one),
        where=wording.where(one),
        status=status or "",
        state=STATUSES[status] if status else "",
        mark=CONFIRM if one.unsure and status != "confirm" else "",
        told=wording.told(one, seen.owners),
        counsel=wording.counsel(seen.notes.get(one.guardrail.id, ()), one.guardrail),
    )


def found_guardrail(guardrail_id: str) -> Guardrail:
    """The guardrail of that id; NotFoundError where there is none."""
    for one in catalogue().guardrails:
        if one.id == guardrail_id:
            return one
    raise NotFoundError


def guardrail_page(
    seen: Sight,
    guardrail: Guardrail,
    *,
    language: str,
    typed: Typed | None = None,
    errors: Mapping[str, str] | None = None,
    meanwhile: str = "",
) -> GuardrailPage:
    """One guardrail, with the form of what counsel said as it was typed."""
    one = next(each for each in overall(catalogue(), seen.spots) if each.guardrail == guardrail)
    notes = seen.notes.get(guardrail.id, ())
    return GuardrailPage(
        organisation=seen.organisation,
        runs_it=seen.runs_it,
        id=guardrail.id,
        title=guardrail.title,
        rule=guardrail.rule,
        shown=guardrail.shown,
        start=playbooks.level(guardrail.start),
        about=wording.ground(one),
        no_control=not guardrail.controls,
        granted=seen.granted.told,
        lines=tuple(_line(stand, seen) for stand in one.stands),
        cited=tuple(_cited(one)),
        unsure=any(not part.confirmed for part in one.references),
        actions=_serving(guardrail),
        notes=tuple(_note(note, guardrail) for note in notes),
        kinds=tuple(KINDS.items()),
        typed=typed or Typed(),
        seen=notes[0].number if notes else 0,
        errors=errors or {},
        meanwhile=meanwhile,
        machine=catalogue().states.get(language) == "machine",
    )


def _serving(guardrail: Guardrail) -> tuple[Serving, ...]:
    """The first few actions of the library that serve it."""
    found = [playbooks.line(one) for one in library().actions if guardrail.id in one.guardrails]
    return tuple(Serving(id=one.id, title=one.title, about=one.about) for one in found[:MOST_ACTIONS])


def _line(stand: Stand, seen: Sight) -> DepartmentLine:
    return DepartmentLine(
        id=stand.spot.id,
        name=stand.spot.name,
        level=stand.spot.level.name,
        counts=wording.counts_told(stand),
        state=STATUSES[stand.status] if stand.status else "",
        mark=CONFIRM if stand.unsure and stand.status != "confirm" else "",
        controls=tuple(wording.control_line(fact, seen.owners) for fact in stand.controls),
    )


def _cited(one: Overall) -> list[Cited]:
    known = catalogue().laws
    return [
        Cited(
            text=wording.cited(part),
            confirmed=part.confirmed,
            basis=BASES[known[part.law].basis],
            checked_on=date.fromisoformat(known[part.law].checked_on),
        )
        for part in one.references
    ]


def _note(note: Note, guardrail: Guardrail) -> NoteLine:
    return NoteLine(
        number=note.number,
        said=wording.said(note),
        text=note.text,
        otherwise=wording.otherwise(note, guardrail),
        made_by=note.made_by,
        saved_at=note.saved_at,
    )


def countries_page(
    seen: Sight,
    *,
    typed: Given | None = None,
    errors: Mapping[str, str] | None = None,
    meanwhile: str = "",
) -> CountriesPage:
    """Where the client and its departments work, as it is or as it was ticked."""
    open_ones = {CLIENT, *(one.id for one in seen.spots)}
    kept = {place: keys for place, keys in seen.given.items() if place in open_ones}
    given = kept if typed is None else typed
    client = given.get(CLIENT, ()) if typed is not None else given.get(CLIENT, (seen.usual,))
    return CountriesPage(
        organisation=seen.organisation,
        boxes=_boxes(CLIENT, client),
        places=tuple(_place(one, given, seen) for one in seen.spots),
        seen=written(kept),
        errors=errors or {},
        meanwhile=meanwhile,
    )


def _place(spot: Spot, given: Given, seen: Sight) -> Place:
    there = {one.id: one for one in (*seen.known.gone, *seen.known.places)}
    others = {place: keys for place, keys in given.items() if place != spot.id}
    return Place(
        name=spot.name,
        told=where_told(countries(spot.id, others, there, usual=seen.usual)),
        own=bool(given.get(spot.id)),
        boxes=_boxes(spot.id, given.get(spot.id, ())),
    )


def _boxes(place: str, ticked: tuple[str, ...]) -> tuple[Box, ...]:
    return tuple(Box(name=field_of(place, key), label=name, ticked=key in ticked) for key, name in PLACES.items())
