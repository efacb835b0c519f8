"""Somebody with a link that leads to a survey, and all that its pages need to know."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from app.answers.write import DraftAnswers
from app.clients.brand import Badge
from app.clients.queries import OrganisationFacts
from app.errors import NotFoundError
from app.invitations.queries import InvitationFacts
from app.invitations.service import SITTING
from app.respond import lots, trial
from app.sentences import Sentence, say
from app.waves.languages import Offered
from app.waves.queries import WaveDepartmentFacts, WaveView
from surveys.arrange import Page, Share, key_of, longest_share, minutes, pages
from surveys.languages import LANGUAGES, Language
from surveys.model import Form, Instrument, PageText
from surveys.translations import Translation, spoken

SEND = "send"
COMMENTS = "comments"

ENDING: Final = say(
    "This survey closes on {day} at {time}. What you send until then counts. What is saved and not sent is deleted "
    "unread."
)
OFTEN: Final = say("Your work: how often do you do this?")
OFTEN_STEM: Final = say(
    "Leave empty what you do less than once a month. The next pages ask four more questions about five of those that "
    "you do, drawn by lot, or about all of them if they are fewer."
)
NO_SUCH_PAGE: Final = say("There is no such page in this survey. Open your link again; what you saved is safe.")


@dataclass(frozen=True)
class Visit:
    """Somebody with a link that leads to a survey, and all that the pages need of it.

    `language` is one of those `offered`; the questionnaire as it was written is `source`. `fallen` are the workflows
    that fall to this person where a department has more than one person rates; None until that is known.
    """

    token: str
    invitation: InvitationFacts
    wave: WaveView
    organisation: OrganisationFacts
    department: WaveDepartmentFacts
    source: Instrument
    offered: Offered
    language: str
    badge: Badge
    fallen: tuple[str, ...] | None = None

    @cached_property
    def instrument(self) -> Instrument:
        """The questionnaire in the language of this visit."""
        return spoken(self.source, self.translation)

    @property
    def translation(self) -> Translation | None:
        """The translation of this visit's language, None in the language that the questionnaire is written in."""
        return self.offered[self.language]

    def speaking(self, *wishes: str | None) -> "Visit":
        """The same visit in the first of these languages that is offered; as it is where none is."""
        language = next((one for one in wishes if one and one in self.offered), self.language)
        return self if language == self.language else replace(self, language=language)

    @property
    def form(self) -> Form:
        """Which items are asked."""
        return "full" if self.wave.form == "full" else "pulse"

    @property
    def on_trial(self) -> bool:
        """True for the survey of a draft: nothing of this visit is stored as an answer."""
        return self.invitation.kind == trial.TRIAL

    @property
    def at_kiosk(self) -> bool:
        """True for somebody at a shared device."""
        return self.invitation.kind == SITTING

    @property
    def spent(self) -> bool:
        """True once the answers were sent."""
        return self.invitation.spent

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """This person's pages; the order of items follows from the link, so it is the same on every device."""
        seed = sha256(b"order|" + self.token.encode()).digest()
        return pages(
            self.instrument,
            form=self.form,
            function=self.department.function,
            seed=seed,
            workflows=self.department.workflows,
            share=self.share,
        )

    @property
    def share(self) -> Share | None:
        """What falls to this person of more workflows than one person rates; as much as may fall until it is known."""
        longest = longest_share(self.source, self.department.workflows)
        if longest is None:
            return None
        return Share(longest.workflows if self.fallen is None else self.fallen, PageText(OFTEN, OFTEN_STEM))

    @property
    def shared_out(self) -> bool:
        """True where a department has more workflows than one person rates."""
        return longest_share(self.source, self.department.workflows) is not None

    def having(self, draft: DraftAnswers | None) -> "Visit":
        """The same visit of somebody who has answered so much: with the workflows that fall to them."""
        if draft is None or not self.shared_out:
            return self
        fallen = lots.fallen(self.department.workflows, draft)
        return self if fallen == self.fallen else replace(self, fallen=fallen)

    def waits(self, key: str) -> bool:
        """Whether a page rates a workflow before it is known which fall to this person: `CHOOSING` comes first."""
        unknown = self.shared_out and self.fallen is None
        return unknown and key in {key_of(one) for one in self.department.workflows}

    @property
    def opened(self) -> tuple[Page, ...]:
        """The pages that can be opened now."""
        return tuple(page for page in self.pages if not self.waits(page.key))

    def index(self, key: str) -> int:
        """Which page has this key, counted from 0. NotFoundError when none has."""
        for index, page in enumerate(self.pages):
            if page.key == key:
                return index
        raise NotFoundError(NO_SUCH_PAGE)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all pages in their order; the comments, where they are asked for, come last before sending."""
        comments = (COMMENTS,) if self.wave.policy.comments else ()
        return (*(page.key for page in self.pages), *comments, SEND)

    @property
    def choice(self) -> tuple[Language, ...]:
        """The languages to choose from; none where there is no choice."""
        return tuple(LANGUAGES[tag] for tag in self.offered) if len(self.offered) > 1 else ()

    @property
    def ending(self) -> Sentence | None:
        """Until when answers are taken, where the end was announced and lies ahead for this person."""
        if self.wave.ends_at is None or self.spent:
            return None
        local = self.wave.ends_at.astimezone(ZoneInfo(self.organisation.time_zone))
        return ENDING.filled({"day": local.date(), "time": f"{local:%H:%M}"})

    def minutes_from(self, index: int) -> int:
        """How long the pages from this one on take, in whole minutes."""
        return minutes(self.pages[index:])

    def today(self, now: datetime) -> date:
        """The day in the client's time zone."""
        return now.astimezone(ZoneInfo(self.organisation.time_zone)).date()
