"""Gathers the page of thresholds, with what a change would do to every department before it is adopted."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.autonomy import queries, thresholds
from app.autonomy.comparing import Difference, differences
from app.autonomy.deciding import decide
from app.autonomy.gathering import basis, current_policy, facts
from app.autonomy.library import LEVELS
from app.autonomy.pages import names_of, spoken_release
from app.autonomy.spoken import Names, spans
from app.autonomy.telling import STEPS
from app.autonomy.thresholds import DIMENSIONS
from app.autonomy.versions import named, version_of_client
from app.autonomy.views import GateLine, PolicyPage, VersionLine
from app.clients import queries as clients
from app.sentences import Listing, say
from scoring.gating import GATES, GatesPolicy


def wanted(session: Session, organisation_id: UUID, typed: Mapping[str, str]) -> GatesPolicy:
    """The policy that was typed, as the client's next version. InvalidError names each gate that can't be."""
    there = queries.policies(session, organisation_id)
    version = version_of_client(there[0].number + 1 if there else 1)
    before = there[0].policy if there else GATES
    return thresholds.parse(typed, before, version=version, names=_names(session, organisation_id))


def policy_page(
    session: Session,
    organisation_id: UUID,
    *,
    now: datetime,
    typed: Mapping[str, str] | None = None,
    reason: str = "",
    policy: GatesPolicy | None = None,
    errors: Mapping[str, str] | None = None,
) -> PolicyPage:
    """The thresholds as they are or as they were typed; with `policy` what these would do to all departments."""
    there = queries.policies(session, organisation_id)
    known = current_policy(session, organisation_id)
    people, names = accounts.names(session), _names(session, organisation_id)
    shown = typed or thresholds.typed_of(known)
    effects, kept = _effects(session, organisation_id, policy, names, now=now) if policy else ((), "")
    return PolicyPage(
        organisation=clients.organisation(session, organisation_id),
        version=named(known.version),
        after=there[0].number if there else 0,
        steps=STEPS[1:],
        gates=tuple(_lines(known, shown, names)),
        typed=shown,
        controls=tuple((LEVELS[rung.level], spans(rung.controls)) for rung in known.rungs),
        looked=policy is not None,
        effects=effects,
        kept=kept,
        has_release=basis(session, organisation_id) is not None,
        versions=tuple(
            VersionLine(
                name=named(version_of_client(one.number)),
                reason=one.reason,
                by=people.get(one.user_id, ""),
                at=one.adopted_at,
            )
            for one in there
        ),
        reason=reason,
        errors=errors or {},
    )


def _lines(policy: GatesPolicy, shown: Mapping[str, str], names: Names) -> Iterator[GateLine]:
    for dimension in DIMENSIONS:
        fields = [(f"{rung.level.name}-{dimension}", LEVELS[rung.level]) for rung in policy.rungs]
        gates = tuple((name, level, shown.get(name, "")) for name, level in fields)
        yield GateLine(id=dimension, name=names.get(dimension, dimension), gates=gates)


def _effects(
    session: Session, organisation_id: UUID, policy: GatesPolicy, names: Names, *, now: datetime
) -> tuple[tuple[Difference, ...], str]:
    """The departments whose ceiling would not be what it is, today and with the same facts, and a sentence that names
    the others."""
    on = basis(session, organisation_id)
    if on is None:
        return (), ""
    known = facts(session, organisation_id, on, now=now)
    before, after = (
        decide(on.document, sha256=on.release.sha256, facts=known, policy=one)
        for one in (current_policy(session, organisation_id), policy)
    )
    same = [one for one in after.departments if (old := before.of(one.id)) and old.ceiling.level == one.ceiling.level]
    told = Listing(say("{name} ({level})", name=one.name, level=LEVELS[one.ceiling.level]) for one in same)
    kept = say("As they are: {departments}.", departments=told) if same else ""
    return tuple(one for one in differences(before, after, names) if one.direction != "same"), kept


def _names(session: Session, organisation_id: UUID) -> Names:
    on = basis(session, organisation_id)
    return names_of(spoken_release(session, on.release)) if on else {}
