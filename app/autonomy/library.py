"""Controls, levels and dimensions in words: what each asks for, and who can do something about it.

The words are ours (MEASUREMENT.md 2.4, 2.5); which level needs which control is policy (`scoring.gating`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.sentences import Sentence, say
from scoring.levels import Level

LEVELS: Final[Mapping[Level, Sentence]] = {
    Level.A0: say("Human only"),
    Level.A1: say("Assist"),
    Level.A2: say("Co-work"),
    Level.A3: say("Act on approval"),
    Level.A4: say("Act by exception"),
    Level.A5: say("Act and report"),
}
MEANINGS: Final[Mapping[Level, Sentence]] = {
    Level.A0: say("Agents are not used."),
    Level.A1: say("An agent drafts or looks up on request; a person does the work and owns it."),
    Level.A2: say("An agent and a person go through the task together; the person decides each step."),
    Level.A3: say(
        "An agent runs several steps; each one that is external, irreversible or above a limit needs approval."
    ),
    Level.A4: say("An agent acts alone inside limits set in systems; people get exceptions and review samples."),
    Level.A5: say("An agent acts alone; people monitor, audit and can stop it."),
}


@dataclass(frozen=True, slots=True)
class Control:
    """A control: what has to be in place, what shows it, and who can put it in place."""

    id: str
    title: Sentence
    shown_by: Sentence
    who: Sentence


_IT: Final = say("whoever runs your systems")
_LEAD: Final = say("the lead of the department")
_GOVERNANCE: Final = say("whoever answers for the rules on AI")
_LEADERS: Final = say("the client’s leaders")

CONTROLS: Final[Mapping[str, Control]] = {
    one.id: one
    for one in (
        Control("C01", say("Rules for using AI are published"),
                say("The rules, and where staff find them"), _GOVERNANCE),
        Control("C02", say("There is a list of approved tools"),
                say("The list, with the day of its last review"), _IT),
        Control("C03", say("At least 80 % of those who use agents are trained"),
                say("The list of trainings with the share of users"), _LEAD),
        Control("C04", say("Prompts, outputs and actions are logged"),
                say("A sample of the log and how long it is kept"), _IT),
        Control("C05", say("Each agent has a named owner"),
                say("The list of agents with their owners"), _LEAD),
        Control("C06", say("The approval step is enforced in the system"),
                say("A test in which an unapproved step was refused"), _IT),
        Control("C07", say("Undoing what an agent did was tested"),
                say("The record of the test"), _IT),
        Control("C08", say("There is a route and a contact for incidents"),
                say("The route, and where staff find it"), _GOVERNANCE),
        Control("C09", say("Impact assessments, and the information or consultation of staff, are done where required"),
                say("The assessments, and the minutes with staff’s representatives"), _GOVERNANCE),
        Control("C10", say("Limits on amount, scope and rate are enforced in systems"),
                say("The limits as they are set, and a test of one"), _IT),
        Control("C11", say("A plan for checking samples is running"),
                say("The plan and its last results"), _LEAD),
        Control("C12", say("The stop switch was tested"),
                say("The record of the test"), _IT),
        Control("C13", say("Segregation of duties is verified"),
                say("The check of who may prepare and who may release"), _GOVERNANCE),
        Control("C14", say("Monitoring with alert thresholds is running"),
                say("The thresholds, and an alert that was followed up"), _IT),
        Control("C15", say("An independent audit was done"),
                say("The audit’s report"), _LEADERS),
        Control("C16", say("An executive signed off, until a date"),
                say("The signed decision"), _LEADERS),
    )
}  # fmt: skip

MOVERS: Final[Mapping[str, Sentence]] = {
    "T1": say("the lead, by testing on the department’s own work"),
    "T2": say("whoever sets up the agents, by showing what they did and why"),
    "T3": say("whoever answers for the rules on AI"),
    "T4": say("whoever runs your systems, with time for checking from the lead"),
    "T5": say("the lead and the client’s leaders"),
    "R1": say("the lead, with training on the department’s own work"),
    "R2": say("the owners of the processes and of the data"),
    "R3": say("whoever answers for the rules on AI"),
    "R4": say("the lead, by naming who answers for each result"),
    "R5": say("the client’s leaders, with reasons, time and money"),
    "R6": say("the lead, with the people of the department"),
}
"""Who can move a dimension; nothing here says that it causes anything."""

EXPERIENCED: Final[Mapping[str, tuple[str, ...]]] = {
    "C01": ("R3a",),
    "C03": ("R1d",),
    "C04": ("FIN2", "IT2"),
    "C05": ("R4a",),
    "C06": ("R4b", "HR1", "LEG2"),
    "C07": ("T4b", "OPE4"),
    "C08": ("R3b",),
    "C09": ("R3c", "HR6"),
    "C10": ("FIN3", "SAL1", "CUS3", "LEG5"),
    "C11": ("CUS5",),
    "C12": ("T4a", "IT3"),
    "C13": ("FIN1", "PRO1"),
    "C14": ("R3d", "OPE3"),
}
"""The questions on which staff would notice a control: where fewer than half agree, it is "attested but not experienced
by staff" (1.4, P1). By id, for questionnaires that have them."""
