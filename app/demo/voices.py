"""What the people of the demo write in their own words, and what becomes of it in the review. All of it is made up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.answers import masking
from app.answers.write import Remark
from surveys.comments import QUESTIONS

NEEDED, MINDS = (question.id for question in QUESTIONS)


@dataclass(frozen=True)
class Voice:
    """What somebody wrote; `theme` is what the reviewer files it under, `shown` whether they show it."""

    text: str
    theme: str
    shown: bool = True
    themes_only: bool = False

    @property
    def decision(self) -> str:
        """What the reviewer decides."""
        if not self.theme:
            return "withhold"
        return "publish" if self.shown and not self.themes_only else "themes"


def _voices(theme: str, *texts: str) -> list[Voice]:
    return [Voice(text, theme) for text in texts]


RULES, TRAINING, DATA, CHECKS, TIME = "Clear rules", "Training", "Data in order", "Checks by people", "Time to try"
HOPES, JOBS, QUALITY, CONTROL = (
    "Less routine work",
    "What happens to jobs",
    "Quality and mistakes",
    "Staying in control",
)

VOICES: Final[Mapping[tuple[str, str], tuple[Voice, ...]]] = {
    ("Operations", NEEDED): (
        *_voices(
            RULES,
            "Somebody has to say in writing what an agent may decide on the quay and what it may not.",
            "Who is to blame when the timetable is wrong? That has to be clear before, not after.",
            "A list of things it must never touch. Safety on board first.",
            "One page of rules that everybody on shift can find.",
            "Tell us who switches it off.",
        ),
        *_voices(
            TRAINING,
            "An afternoon of practice for each crew, not a video.",
            "Show us on our own rosters how it works, with the mistakes it makes.",
            "Night shift is always forgotten when there is training.",
            "Somebody to ask who knows both boats and software.",
            "I would want to see it fail once before I trust it.",
        ),
        *_voices(
            DATA,
            "The berth plan is in three places. Which one would it read?",
            "Clean up the crew lists first, half of the numbers are old.",
        ),
        Voice("Ask Anna Berg in the control room, she has all the lists on paper.", DATA),
        Voice("Nothing. It should not be done at all, and everybody here knows why.", "", shown=False),
    ),
    ("Customer service", NEEDED): (
        *_voices(
            CHECKS,
            "A person reads every answer before it goes to a guest who complains.",
            "Refunds stay with us. It may prepare them.",
            "We need to see what it told the guest before we pick up the phone.",
            "A button that hands over to a person at once.",
            "Spot checks every week, and the results on the wall.",
        ),
        *_voices(
            TRAINING,
            "Learning how to ask it well. We are all guessing.",
            "Examples from our own letters, good ones and bad ones.",
            "Time in the roster for learning, otherwise it never happens.",
        ),
        *_voices(
            DATA,
            "The price lists of the three companies must say the same.",
            "The old booking system has to go first.",
            "Somebody must keep the answers up to date.",
        ),
    ),
    ("IT", NEEDED): (
        *_voices(
            CHECKS,
            "Logs of what an agent did, kept where we can read them.",
            "A test environment that looks like the real one.",
            "Rights as small as possible, and an owner for each agent.",
            "A way back: every step has to be undone in a minute.",
        ),
        *_voices(
            DATA,
            "One source for master data. We have promised that for years.",
            "Interfaces instead of spreadsheets in mails.",
            "Somebody in each department who owns its data.",
        ),
        *_voices(
            TIME,
            "Two people who are taken off daily business for it.",
            "Fewer pilots, and each of them finished.",
            "A quarter in which we only repair.",
        ),
    ),
    ("Accounts payable", NEEDED): (
        *_voices(
            DATA,
            "Suppliers must stop sending photos of invoices.",
            "Order numbers on every invoice, no exceptions.",
            "The list of suppliers has doubles, those first.",
        ),
        *_voices(
            CHECKS,
            "Four eyes above the limit, and one pair is a person.",
            "It may match and we release. Like that it is fine.",
            "A sample every month, drawn by us.",
        ),
    ),
    ("Controlling", NEEDED): (
        *_voices(
            DATA,
            "The same cost centres in all systems.",
            "Definitions. Two of us would get two results today.",
        ),
        *_voices(
            CHECKS,
            "It has to show where a number comes from.",
            "I want to see the formula and not only the result.",
        ),
        Voice("Less hurry. We were asked for the plan twice this month.", TIME, themes_only=True),
    ),
    ("Legal", NEEDED): (
        *_voices(
            RULES,
            "A decision about which contracts it may read at all.",
            "An agreement on data protection that deserves the name.",
            "Rules on what may leave the house.",
        ),
        Voice("A list of sources it may cite, and none besides.", CHECKS),
    ),
    ("HR", NEEDED): (
        *_voices(
            RULES,
            "An agreement with the works council, before the first test.",
            "That it never decides on people.",
            "Open words on what it is for.",
        ),
    ),
    ("Operations", MINDS): (
        *_voices(
            HOPES,
            "No more typing the same delay into four systems.",
            "That I get home on time on days with fog.",
            "Fewer calls about things that are on the board anyway.",
        ),
        *_voices(
            JOBS,
            "First the desks on land go, then we are asked to do their work from the bridge.",
            "Nobody says what happens to the planners.",
            "I worry for the young colleagues who learn by doing the simple things.",
        ),
        *_voices(
            CONTROL,
            "It does not smell the wind. I worry that somebody believes the screen.",
            "That I have to answer for what I have not decided.",
            "In an emergency I want a voice and not a form.",
            "That nobody can do it by hand any more when it stands still.",
            "Hope: better forecasts. Worry: that they become orders.",
        ),
    ),
    ("Customer service", MINDS): (
        *_voices(
            HOPES,
            "More time for the guests who really need somebody.",
            "It could do the lost property letters, gladly.",
            "Answers at night, so that the mornings are calmer.",
            "Less copying. That alone would be worth it.",
        ),
        *_voices(
            QUALITY,
            "It promises things that we can’t keep.",
            "Guests notice when nobody is there.",
            "Wrong answers in a friendly voice are still wrong.",
        ),
        *_voices(
            JOBS,
            "That in two years half of us are not needed.",
            "I hope that the temporary contracts are not the first to go.",
            "What will we be paid for, when it does the easy part and we have the angry guests only?",
        ),
    ),
    ("IT", MINDS): (
        *_voices(
            HOPES,
            "Tickets that sort themselves.",
            "At last documentation that somebody writes.",
        ),
        *_voices(
            QUALITY,
            "Everything works in the demonstration.",
            "Errors that look right are the ones I fear.",
        ),
        Voice("That we run what others have bought.", CONTROL),
    ),
    ("Legal", MINDS): (
        *_voices(
            QUALITY,
            "Invented judgments. One is enough.",
            "I hope for first drafts and fear that they become last drafts.",
        ),
        Voice("That questions come to us later than today.", CONTROL),
    ),
    ("HR", MINDS): (
        *_voices(
            HOPES,
            "Fewer forms for everybody.",
            "Answers to the same ten questions, so that we have time for talks.",
        ),
        Voice("Fear moves faster than facts in this house.", JOBS),
    ),
}


def remarks(department: str, number: int) -> dict[str, Remark]:
    """What the person of that number in a department writes, to none, one or both of the questions."""
    found = {}
    for question in (NEEDED, MINDS):
        voices = VOICES.get((department, question), ())
        if number < len(voices):
            found[question] = Remark(voices[number].text, voices[number].themes_only)
    return found


def rulings() -> Mapping[str, Voice]:
    """What the reviewer decides, by the text as they see it."""
    return {masking.mask(voice.text).text: voice for voice in _all()}


def _all() -> Iterator[Voice]:
    for voices in VOICES.values():
        yield from voices
