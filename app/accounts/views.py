"""The pages of accounts."""

from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from app.accounts.kept import Fields, Kept
from app.accounts.queries import SignInFacts
from app.web.views import View
from surveys.languages import Language


@dataclass(frozen=True)
class SignInPage(View):
    """The sign-in form. `wanted` is True when it stands in for a page that needs a sign-in."""

    template: ClassVar[str] = "accounts/sign_in.html"
    kept: Kept
    email: str = ""
    refusal: str | None = None
    wanted: bool = False
    first: bool = False


@dataclass(frozen=True)
class ContinuePage(View):
    """After signing in: one click sends the form that was typed before."""

    template: ClassVar[str] = "accounts/continue.html"
    address: str
    fields: Fields
    lost: bool


@dataclass(frozen=True)
class StartPage(View):
    """Behind a one-time link: the first account (`first`), or a new password for `email`."""

    template: ClassVar[str] = "accounts/start.html"
    token: str
    first: bool
    email: str = ""
    name: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AccountPage(View):
    """The user's own account: language, password and sign-ins. `here` is the sign-in this page is seen with.

    `chosen` is the language that the user chose, None for that of the browser.
    """

    template: ClassVar[str] = "accounts/account.html"
    name: str
    email: str
    here: UUID
    sign_ins: tuple[SignInFacts, ...]
    languages: tuple[Language, ...]
    chosen: str | None
    errors: dict[str, str] = field(default_factory=dict)
