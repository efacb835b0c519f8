"""What importing a list would change: each line against the departments and the people who are there. Pure.

Nothing here knows who has answered, so what a page says of an import can't tell either.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from app.rosters.addresses import address
from app.rosters.queries import PersonFacts
from app.sentences import say
from surveys.languages import LANGUAGES

LONGEST_REFERENCE: Final = 120
LONGEST_NAME: Final = 200
ANOTHER = say("another department")
TAGS: Final = {
    spelling: one.tag for one in LANGUAGES.values() for spelling in (one.tag, one.name.casefold())
} | {"german": "de", "french": "fr", "spanish": "es", "arabic": "ar", "englisch": "en", "französisch": "fr",
     "spanisch": "es", "arabisch": "ar", "anglais": "en", "allemand": "de"}  # fmt: skip


class Place(Protocol):
    """A department: as it is now, or as a wave froze it."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def parent_id(self) -> UUID | None:
        """The department that it lies below."""

    @property
    def headcount(self) -> int:
        """How many people belong to it."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """What is wrong in a line and what to do."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """A person as the list will have them; `reference` is what the client tells them apart by."""

    department_id: UUID
    reference: str
    name: str
    mail: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. `leaving` are those who are not in a complete list; `moved` of those who change."""

    joining: tuple[Row, ...]
    changing: tuple[tuple[PersonFacts, Row], ...]
    staying: int
    leaving: tuple[PersonFacts, ...]
    bad: tuple[BadRow, ...]

    @property
    def moved(self) -> int:
        """How many of those who change go to another department."""
        return sum(before.department_id != after.department_id for before, after in self.changing)

    @property
    def good(self) -> int:
        """How many lines can be used."""
        return len(self.joining) + len(self.changing) + self.staying


class Places:
    """Departments by their names and paths: Finance / Tax where two have the same name."""

    def __init__(self, departments: Mapping[UUID, Place]) -> None:
        self.names = {id: one.name for id, one in departments.items()}
        self._found: defaultdict[str, set[UUID]] = defaultdict(set)
        paths: dict[UUID, str] = {}
        for id, one in departments.items():
            above = paths.get(one.parent_id) if one.parent_id else None
            paths[id] = f"{above} / {one.name}" if above else one.name
            for key in (one.name, paths[id]):
                self._found[_fold(key)].add(id)

    def named(self, name: str) -> UUID | str:
        """The department of that name, or what is wrong with it."""
        if not name:
            return say("No department is given.")
        found = self._found.get(_fold(name), set())
        if not found:
            return say("There is no department “{name}” in this wave.", name=name[:60])
        if len(found) > 1:
            return say(
                "{count} departments are called “{name}”. Write the path, for example Finance / {name}.",
                count=len(found),
                name=name,
            )
        return next(iter(found))


def plan(
    lines: Iterable[tuple[int, Sequence[str]]],
    columns: Mapping[str, int],
    places: Places,
    known: Mapping[str, PersonFacts],
    *,
    complete: bool,
) -> Plan:
    """What a list changes. `lines` are those below the headings, `known` everybody on the list by reference."""
    reader = _Reader(columns, places)
    read = [(line, reader.read(line, values)) for line, values in lines]
    mails = {row.reference: row.mail for _, row in read if isinstance(row, Row)} if "mail" in columns else {}
    owners = {one.mail: one.reference for one in known.values() if one.mail}
    joining: list[Row] = []
    changing: list[tuple[PersonFacts, Row]] = []
    bad: list[BadRow] = []
    staying = 0
    for line, row in read:
        message = _about_owner(row, owners, mails) if isinstance(row, Row) else row
        if message is not None or not isinstance(row, Row):
            bad.append(BadRow(line, message or ""))
        elif (before := known.get(row.reference)) is None:
            joining.append(row)
        elif _differs(before, row, columns):
            changing.append((before, _merged(before, row, columns)))
        else:
            staying += 1
    seen = reader.references
    leaving = (one for one in known.values() if one.listed and one.reference not in seen) if complete else ()
    return Plan(tuple(joining), tuple(changing), staying, tuple(leaving), tuple(bad))


class _Reader:
    """Reads lines and remembers who was in the list already."""

    def __init__(self, columns: Mapping[str, int], places: Places) -> None:
        self.references: dict[str, int] = {}
        self._mails: dict[str, int] = {}
        self._columns, self._places = columns, places

    def read(self, line: int, values: Sequence[str]) -> Row | str:
        """The person of a line, or what is wrong in it."""

        def value(column: str) -> str:
            place = self._columns.get(column, len(values))
            return values[place] if place < len(values) else ""

        department = self._places.named(value("department"))
        mail = address(value("mail")) if value("mail") else None
        reference = value("reference") if "reference" in self._columns else (mail or value("name"))
        language = TAGS.get(value("language").casefold(), "") if value("language") else None
        message = (
            (None if isinstance(department, UUID) else department)
            or _about_mail(value("mail"), mail)
            or self._about_reference(reference)
            or (None if language != "" else _about_language(value("language")))
            or (
                say("The name is longer than {most} characters.", most=LONGEST_NAME)
                if len(value("name")) > LONGEST_NAME
                else None
            )
            or self._about_twice(mail, line)
        )
        self.references.setdefault(reference, line)
        if message is not None or not isinstance(department, UUID):
            return message or ""
        return Row(department, reference, value("name"), mail, language)

    def _about_reference(self, reference: str) -> str | None:
        if not reference:
            missing = "reference" in self._columns
            return say("No reference is given.") if missing else say("No mail address and no name is given.")
        if len(reference) > LONGEST_REFERENCE:
            return say(
                "The reference has {count} characters. Use at most {longest}.",
                count=len(reference),
                longest=LONGEST_REFERENCE,
            )
        if reference in self.references:
            return say(
                "“{reference}” is in line {line} already. Remove one of the two lines.",
                reference=reference,
                line=self.references[reference],
            )
        return None

    def _about_twice(self, mail: str | None, line: int) -> str | None:
        before = self._mails.setdefault(mail, line) if mail else line
        if before == line:
            return None
        return say(
            "The address {mail} is in line {line} already. Each person needs an address of their own, or none.",
            mail=mail or "",
            line=before,
        )


def _about_owner(row: Row, owners: Mapping[str, str], mails: Mapping[str, str | None]) -> str | None:
    """What is wrong with an address that is somebody else's on the list that is there, and stays theirs."""
    owner = owners.get(row.mail or "", row.reference)
    if owner == row.reference or mails.get(owner, row.mail) != row.mail:
        return None
    return say(
        "The address {mail} belongs to “{owner}” on the list that is there. Call this person the same, "
        "or import “{owner}” with another address first.",
        mail=row.mail or "",
        owner=owner,
    )


def _about_mail(text: str, mail: str | None) -> str | None:
    if not text or mail is not None:
        return None
    return say("“{text}” is no mail address. Correct it, or leave it empty.", text=text[:80])


def _about_language(text: str) -> str:
    return say(
        "“{text}” is no language that surveys are asked in. Write one of {tags}, or leave it empty.",
        text=text[:40],
        tags=", ".join(LANGUAGES),
    )


def _merged(before: PersonFacts, row: Row, columns: Mapping[str, int]) -> Row:
    """A person with what the list says; what it has no column for stays."""
    return Row(
        row.department_id,
        row.reference,
        row.name if "name" in columns else before.name,
        row.mail if "mail" in columns else before.mail,
        row.language if "language" in columns else before.language,
    )


def _differs(before: PersonFacts, row: Row, columns: Mapping[str, int]) -> bool:
    after = _merged(before, row, columns)
    there = Row(before.department_id, before.reference, before.name, before.mail, before.language)
    return not before.listed or after != there


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
