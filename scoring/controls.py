"""Attested controls: which are in force on a day, and until when (measurement design, 2.5 and P14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from scoring.gating import GatesPolicy

Status = Literal["missing", "incomplete", "not_yet", "lapsed", "in_force"]

_RANK: Final[tuple[Status, ...]] = ("missing", "incomplete", "not_yet", "lapsed", "in_force")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """That a control was in place on a day: who answers for it, the evidence, and its expiry, if it has one."""

    control: str
    on: date
    owner: str
    evidence: str
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlState:
    """A control on a day. `until` is the last day on which its attestation counts, None where there is none."""

    control: str
    status: Status
    until: date | None


def control_states(attestations: Iterable[Attestation], *, policy: GatesPolicy, on: date) -> tuple[ControlState, ...]:
    """The state of every control of the policy on a day, in the policy's order.

    An attestation counts from its day on, for as many days as the policy says (365, C07 180, C12 120), and not after
    its own expiry. Without owner or evidence, or without the expiry date that the policy asks for, it is incomplete.
    Of several attestations of a control the best one counts. Attestations of other controls are left aside.
    """
    held = list(attestations)
    return tuple(
        max(
            (_state(one, policy=policy, on=on) for one in held if one.control == control),
            key=lambda state: (_RANK.index(state.status), state.until or date.min),
            default=ControlState(control=control, status="missing", until=None),
        )
        for control in policy.controls
    )


def in_force(states: Iterable[ControlState]) -> frozenset[str]:
    """The ids of the controls that count: attested, complete and not expired."""
    return frozenset(state.control for state in states if state.status == "in_force")


def _state(one: Attestation, *, policy: GatesPolicy, on: date) -> ControlState:
    if not one.owner.strip() or not one.evidence.strip() or (one.control in policy.dated and one.expires is None):
        return ControlState(control=one.control, status="incomplete", until=None)
    last = min(
        one.on.toordinal() + policy.age(one.control), (one.expires or date.max).toordinal(), date.max.toordinal()
    )
    until = date.fromordinal(last)
    if on < one.on:
        return ControlState(control=one.control, status="not_yet", until=until)
    return ControlState(control=one.control, status="in_force" if on <= until else "lapsed", until=until)
