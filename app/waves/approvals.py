"""What a privacy officer or a works council is asked to approve of a wave, and what they decided.

`decisions` is what the certificate and the report may quote.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.approval import queries as approval
from app.clients import queries as clients
from app.clients.queries import OrganisationFacts
from app.errors import ConflictError
from app.sentences import Listing, say
from app.waves import instruments, labels, queries, wording
from app.waves.policy import stored
from app.waves.promise import GROUP_WITHOUT_GUESSES, Promise, promise
from app.waves.queries import WaveView
from app.web.catalogs import SPOKEN_IN_THE_CONSOLE
from app.workflows import queries as rating
from surveys import comments
from surveys.model import Form, Instrument, Module, Workflow

# Counts the versions of the texts around the promise (the draft of an impact assessment, the information sheet).
# A translation of them that says the same is no other version.
PAPERS_VERSION: Final = 3
# The hash of the promise in the other languages of the papers as it was when they were first printed in them. With
# these words a hash of papers is what it was before they counted, so that no decision is taken from anybody.
FIRST_TRANSLATIONS: Final = "b383f452c33e41da85772b9d16853931e29548d1aafb157000fca738ba9dbc6c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What the papers of a wave are made from. `modules` are those that its departments are asked,
    `workflows` those that each department rates.

    `small`: the wave has a department of fewer than ten people. `sha256` names this version of the papers, of a wave
    that has opened the one with which it did.
    """

    wave: WaveView
    organisation: OrganisationFacts
    instrument: Instrument
    form: Form
    modules: tuple[Module, ...]
    workflows: tuple[tuple[Workflow, ...], ...]
    functions: frozenset[str]
    departments: int
    people: int
    small: bool
    promise: Promise
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision. `decision` is "approved" or "objected", `reader` whom the review link was made for.

    `decided_on` is the day in the client's time zone. `current`: the papers have not changed since. `newest`: no later
    one was taken with the same link, so that this one counts.
    """

    name: str
    reader: str
    decision: str
    remark: str
    decided_on: date
    current: bool
    newest: bool
    link_id: UUID


class ObjectionError(ConflictError):
    """Somebody objects to the papers of the wave that is to be opened. People decide: it can be opened all the same."""

    def __init__(self, label: str, objections: tuple[Decision, ...]) -> None:
        names = Listing(one.reader for one in objections)
        super().__init__(
            say("{label} has not been opened: there is an objection from {names}.", label=label, names=names)
        )
        self.objections = objections


def papers(session: Session, organisation_id: UUID, wave_id: UUID) -> Papers:
    """What the papers of a wave are made from, in three statements: until it opens, things as they are now."""
    wave = queries.wave(session, organisation_id, wave_id)
    organisation = clients.organisation(session, organisation_id)
    functions, headcounts = _departments(session, wave)
    instrument = instruments.asked(session, wave)
    form: Form = "full" if wave.form == "full" else "pulse"
    modules = _modules(instrument, form, functions)
    rated = _rated(session, wave, instrument)
    small = any(0 < headcount < GROUP_WITHOUT_GUESSES for headcount in headcounts)
    return Papers(
        wave=wave,
        organisation=organisation,
        instrument=instrument,
        form=form,
        modules=modules,
        workflows=rated,
        functions=functions,
        departments=len(headcounts),
        people=sum(headcounts),
        small=small,
        promise=promise_of(wave, organisation, small=small),
        sha256=wave.papers_sha256 or _digest(wave, instrument, modules, rated),
    )


def promise_of(wave: WaveView, organisation: OrganisationFacts, *, small: bool) -> Promise:
    """The promise of a wave in the words with which it opened; a draft's in today's."""
    zone = organisation.time_zone
    return promise(
        wave.policy,
        organisation=organisation.name,
        small=small,
        closed_on=None if wave.closed_at is None else labels.today(wave.closed_at, zone),
        deleted_on=None if wave.deleted_at is None else labels.today(wave.deleted_at, zone),
        wording=wording.read(wave.promise),
    )


def decisions(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[Decision, ...]:
    """Every decision about a wave, the newest first, in four statements. NotFoundError for an unknown wave."""
    return of_papers(session, papers(session, organisation_id, wave_id))


def of_papers(session: Session, about: Papers) -> tuple[Decision, ...]:
    """The decisions about the wave of these papers, the newest first, in one statement."""
    found: list[Decision] = []
    for one in approval.decisions(session, about.wave.organisation_id, about.wave.id):
        found.append(
            Decision(
                name=one.name,
                reader=one.reader,
                decision=one.decision,
                remark=one.remark,
                decided_on=labels.today(one.decided_at, about.organisation.time_zone),
                current=one.papers_sha256 == about.sha256,
                newest=all(one.link_id != later.link_id for later in found),
                link_id=one.link_id,
            )
        )
    return tuple(found)


def objections(session: Session, about: Papers) -> tuple[Decision, ...]:
    """The objections to these papers that their readers have not taken back by a later approval, in one statement."""
    return tuple(one for one in of_papers(session, about) if one.newest and one.decision == "objected")


def _departments(session: Session, wave: WaveView) -> tuple[frozenset[str], tuple[int, ...]]:
    """The functions and headcounts of the departments: as the wave froze them, or as they are until it opens."""
    frozen = queries.wave_departments(session, wave.organisation_id, wave.id)
    if frozen:
        return frozenset(one.function for one in frozen), tuple(one.headcount for one in frozen)
    nodes = clients.departments(session, wave.organisation_id)
    return frozenset(node.function for node in nodes), tuple(node.headcount for node in nodes)


def _modules(instrument: Instrument, form: Form, functions: frozenset[str]) -> tuple[Module, ...]:
    """The modules that are asked, in the order of the questionnaire; the pulse has none (MEASUREMENT.md 1.6)."""
    if form == "pulse":
        return ()
    asked = {instrument.functions[function] for function in functions if function in instrument.functions}
    return tuple(module for key, module in instrument.modules.items() if key in asked)


def _rated(session: Session, wave: WaveView, instrument: Instrument) -> tuple[tuple[Workflow, ...], ...]:
    """The workflows that each department rates, of those that rate some: frozen, or as they are until it opens."""
    if not instrument.workflow:
        return ()
    frozen = queries.wave_departments(session, wave.organisation_id, wave.id)
    if frozen:
        return tuple(one.workflows for one in frozen if one.workflows)
    return tuple(rating.workflows(session, wave.organisation_id).values())


def _digest(
    wave: WaveView, instrument: Instrument, modules: tuple[Module, ...], rated: tuple[tuple[Workflow, ...], ...]
) -> str:
    """The SHA-256 of what was read. Names, dates and headcounts may change without a new decision."""
    told = {
        "papers": PAPERS_VERSION,
        "policy": stored(wave.policy),
        "promise": asdict(promise(wave.policy, organisation="", small=True)),
        "questionnaire": [instrument.key, instrument.version, instrument.sha256],
        "comments": comments.VERSION if wave.policy.comments else None,
        "form": wave.form,
        "modules": [module.function for module in modules],
    }
    if (translations := wording.translations_sha256(SPOKEN_IN_THE_CONSOLE[1:])) != FIRST_TRANSLATIONS:
        told["translations"] = translations
    if rated:
        told["workflows"] = sorted(one.name for some in rated for one in some)
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
