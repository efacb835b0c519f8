"""Gathers a client's papers for the end of a contract: all that it may keep, nothing of answers or of people asked."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import IO
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.actions import queries as actions
from app.autonomy import queries as autonomy
from app.clients import queries as clients
from app.clients.brand import brand
from app.documents import queries as documents
from app.documents.content import as_json
from app.guardrails import queries as guardrails
from app.planned import queries as plans
from app.playbooks import queries as playbooks
from app.releases import pairs, store
from app.reports import queries as reports
from app.reports.options import Options
from app.retention import export
from app.retention.export import Paper
from app.waves import queries as waves
from app.workflows import queries as workflows
from app.workflows.facts import Facts


def client_file(session: Session, organisation_id: UUID, *, now: datetime) -> tuple[str, IO[bytes]]:
    """The papers as a ZIP file, with its name."""
    organisation = clients.organisation(session, organisation_id)
    name = f"plumbline-{export.file_name(organisation.name)}-{now:%Y-%m-%d}.zip"
    return name, export.archive(organisation.name, _papers(session, organisation_id), now=now)


def _papers(session: Session, organisation_id: UUID) -> Iterator[Paper]:
    yield Paper("departments.csv", _departments(session, organisation_id))
    yield Paper("waves.csv", _waves(session, organisation_id))
    yield from _results(session, organisation_id)
    yield from _decisions(session, organisation_id)
    yield from _controls(session, organisation_id)
    yield Paper("workflows.csv", _workflows(session, organisation_id))
    yield from _plan(session, organisation_id)
    yield from _own_actions(session, organisation_id)
    yield from _guardrails(session, organisation_id)
    yield from _plan_records(session, organisation_id)
    yield from _documents(session, organisation_id)
    logo = brand(session, organisation_id).logo
    if logo is not None:
        yield Paper("logo.png", logo.png)


def _results(session: Session, organisation_id: UUID) -> Iterator[Paper]:
    """Releases, what was published of comments, comparisons and files: as they were made."""
    known = waves.waves(session, organisation_id)
    names = {one.id: export.file_name(f"{one.assessment_name} {one.label}") for one in known}
    documents = store.documents(session, organisation_id)
    of_release = {id: f"{names[wave_id]}-release-{number}" for id, wave_id, number, _ in documents}
    for id, _, _, raw in documents:
        yield Paper(f"releases/{of_release[id]}.json", raw)
    for wave_id, number, raw in store.supplements(session, organisation_id):
        yield Paper(f"supplements/{names[wave_id]}-supplement-{number}.json", raw)
    for one in pairs.every(session, organisation_id):
        yield Paper(f"comparisons/{names[one.wave_id]}-comparison-{one.number}.json", one.raw)
    for release_id, options, content in _reports(session, organisation_id):
        yield Paper(f"reports/{of_release[release_id]}-{options.name}", content)


def _reports(session: Session, organisation_id: UUID) -> Iterator[tuple[UUID, Options, bytes]]:
    """The reports that are made, as (release, options, bytes): a statement for each file."""
    for release_id, options in reports.finished(session, organisation_id):
        content = reports.content(session, organisation_id, release_id, options)
        if content is not None:
            yield release_id, options, content[0]


def _decisions(session: Session, organisation_id: UUID) -> Iterator[Paper]:
    people = accounts.names(session)
    records = autonomy.with_documents(session, organisation_id)
    for one in records:
        yield Paper(f"decisions/decision-{one.number}.json", one.document)
    yield Paper(
        "decisions/decisions.csv",
        export.table(
            ("decision", "as of", "issued", "by", "reason", "sha256"),
            [
                (
                    one.number,
                    one.as_of,
                    one.at,
                    _name(people, one.user_id) if one.user_id else None,
                    one.reason,
                    one.sha256,
                )
                for one in records
            ],
        ),
    )
    policies = autonomy.policies(session, organisation_id)
    for policy in policies:
        yield Paper(f"thresholds/thresholds-{policy.number}.json", policy.document)
    yield Paper(
        "thresholds/thresholds.csv",
        export.table(
            ("version", "adopted", "by", "reason"),
            [(one.number, one.adopted_at, _name(people, one.user_id), one.reason) for one in policies],
        ),
    )


def _controls(session: Session, organisation_id: UUID) -> Iterator[Paper]:
    """What was attested, and the files that show it: a statement for each file."""
    people, departments = accounts.names(session), clients.department_names(session, organisation_id)
    every = autonomy.attestations(session, organisation_id)
    kept = {one.id: f"{one.control}-{one.id.hex[:8]}-{one.file_name}" for one in every if one.file_name}
    headings = ("control", "department", "checked on", "owner", "ends on", "link", "file", "sha256", "remark",
                "attested", "by", "withdrawn", "withdrawn by", "because")  # fmt: skip
    rows = [
        (
            *(one.control, _name(departments, one.department_id)),
            *(one.attested_on, one.owner, one.expires_on, one.link, kept.get(one.id), one.file_sha256, one.remark),
            *(one.made_at, _name(people, one.user_id), one.withdrawn_at),
            *(_name(people, one.withdrawn_by), one.withdrawn_because),
        )
        for one in every
    ]
    yield Paper("controls.csv", export.table(headings, rows))
    for id, name in kept.items():
        content = autonomy.evidence(session, organisation_id, id)
        if content is not None:
            yield Paper(f"evidence/{name}", content)


def _workflows(session: Session, organisation_id: UUID) -> bytes:
    departments = clients.department_names(session, organisation_id)
    known = [one.name for one in fields(Facts)]
    rows = [
        (
            *(code, one.number, one.saved_at, one.made_by, one.way),
            *(_name(departments, one.department_id), one.name, one.rated, one.retired),
            *(_plain(one.facts.get(name)) for name in known),
        )
        for code, one in workflows.versions(session, organisation_id)
    ]
    headings = ("workflow", "version", "saved", "by", "way", "department", "name", "rated", "retired", *known)
    return export.table(headings, rows)


def _plan(session: Session, organisation_id: UUID) -> Iterator[Paper]:
    """The action plan, each version of each action, and the hours of ninety days: two statements and the names."""
    departments = clients.department_names(session, organisation_id)
    headings = ("action", "version", "saved", "by", "taken on", "ninety days from", "action of the library",
                "version of the library", "department", "title", "due", "moves", "hours", "owner", "status", "reason",
                "evidence", "link", "needs", "ended")  # fmt: skip
    rows = [
        (
            *(one.id, one.version, one.saved_at, one.made_by, one.taken_at, one.begins, one.action, one.edition),
            *(_name(departments, one.facts.department_id), one.facts.title, one.facts.due, "; ".join(one.facts.moves)),
            *(one.facts.hours, one.facts.owner, one.facts.status, one.facts.reason, one.facts.evidence, one.facts.link),
            *("; ".join(map(str, one.facts.needs)), one.facts.ended),
        )
        for one in actions.versions(session, organisation_id)
    ]
    yield Paper("plan.csv", export.table(headings, rows))
    hours = [
        (_name(departments, one.department_id), one.begins, one.hours)
        for one in actions.frames(session, organisation_id)
    ]
    yield Paper("plan-hours.csv", export.table(("department", "ninety days from", "hours"), hours))


def _plan_records(session: Session, organisation_id: UUID) -> Iterator[Paper]:
    """The plan records as they were fixed, and a list with who did it, when, and what proves that they are these."""
    every = plans.every(session, organisation_id)
    for one in every:
        yield Paper(f"plan-records/record-{one.number}.json", one.document)
    rows = [(one.number, one.as_of, one.issued_at, one.made_by, one.sha256) for one in every]
    yield Paper("plan-records/plan-records.csv", export.table(("record", "as of", "fixed", "by", "sha256"), rows))


def _own_actions(session: Session, organisation_id: UUID) -> Iterator[Paper]:
    """The client's own actions: each version as the files that it is, drafts, and a list. Two statements."""
    every = {one.id: one for one in playbooks.own_actions(session, organisation_id)}
    versions = playbooks.versions(session, organisation_id)
    folders = [(one.version, one.files) for one in versions] + [("draft", one.draft) for one in every.values()]
    for folder, files in folders:
        for path, text in files.items():
            yield Paper(f"own-actions/{folder}/{path}", text.encode())
    if every:
        headings = ("action", "version", "in use since", "by", "sha256", "retired now")
        rows = [
            (every[one.own_action_id].code, one.version, one.used_at, one.made_by, one.sha256,
             every[one.own_action_id].retired)
            for one in versions
        ]  # fmt: skip
        yield Paper("own-actions/own-actions.csv", export.table(headings, rows))


def _guardrails(session: Session, organisation_id: UUID) -> Iterator[Paper]:
    """What counsel said of guardrails, each version, and where the client works: two statements and the names."""
    departments = clients.department_names(session, organisation_id)
    said = [
        (
            *(one.guardrail, one.edition, one.number, one.kind, one.counsel, one.said_on, one.text),
            one.made_by,
            one.saved_at,
        )
        for notes in guardrails.notes(session, organisation_id).values()
        for one in reversed(notes)
    ]
    headings = ("guardrail", "version of the guardrail", "version", "kind", "who", "on", "words", "by", "saved")
    yield Paper("counsel.csv", export.table(headings, said))
    places = [
        (_name(departments, UUID(place)) if place else "", "; ".join(keys))
        for place, keys in sorted(guardrails.countries(session, organisation_id).items())
    ]
    yield Paper("countries.csv", export.table(("department", "countries"), places))


def _documents(session: Session, organisation_id: UUID) -> Iterator[Paper]:
    """The documents, each version as it was saved, and the client's own templates."""
    rows = []
    for one, saved, content in documents.contents(session, organisation_id):
        name = f"documents/{one.template}-{one.id.hex[:8]}-{one.language}-{saved.number}.json"
        raw = json.dumps(as_json(content), ensure_ascii=False, sort_keys=True, indent=1)
        yield Paper(name, raw.encode())
        rows.append(
            (
                *(content.title, content.subject, one.language, saved.number, saved.saved_at, saved.made_by),
                *(saved.number == one.shared, content.as_of, name),
            )
        )
    headings = ("document", "about", "language", "version", "saved", "by", "shared", "data of", "file")
    yield Paper("documents/documents.csv", export.table(headings, rows))
    for own in documents.own_templates(session, organisation_id):
        for folder, text in (("draft", own.draft), ("in use" if own.retired_at is None else "retired", own.file)):
            if text:
                yield Paper(f"own-templates/{folder}/{own.code}.yaml", text.encode())


def _plain(fact: object) -> object:
    """A fact of a workflow as a cell."""
    if isinstance(fact, list):
        return "; ".join(map(str, fact))
    return json.dumps(fact, sort_keys=True) if isinstance(fact, dict) else fact


def _name(names: Mapping[UUID, str], id: UUID | None) -> str | None:
    return names.get(id) if id else None


def _departments(session: Session, organisation_id: UUID) -> bytes:
    nodes = clients.departments(session, organisation_id)
    by_id = {node.id: node.name for node in nodes}
    rows = [(node.name, by_id.get(node.parent_id) if node.parent_id else None, node.function, node.headcount, node.pool,
             node.site) for node in nodes]  # fmt: skip
    return export.table(("department", "parent", "function", "headcount", "pool", "site"), rows)


def _waves(session: Session, organisation_id: UUID) -> bytes:
    known = waves.waves(session, organisation_id)
    promised = list(asdict(known[0].policy)) if known else []
    headings = ("assessment", "wave", "form", "state", "opened", "closed", "answers deleted", *promised)
    rows = [
        (
            *(w.assessment_name, w.label, w.form, w.state, w.opened_at, w.closed_at, w.deleted_at),
            *asdict(w.policy).values(),
        )
        for w in known
    ]
    return export.table(headings, rows)
