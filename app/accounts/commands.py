"""The command line for accounts: `./run user add`, `reset`, `list`, `disable`.

Each word of the command line loads this, so what is heavy is imported where it is needed.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import ConflictError, NotFoundError

if TYPE_CHECKING:
    from app.accounts.queries import UserFacts
    from app.db import Database
    from app.settings import Settings

OpenDatabase = Callable[[], "AbstractContextManager[tuple[Settings, Database]]"]

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The user's e-mail address.")]
Name = Annotated[str, typer.Option("--name", help="The user's name, as colleagues see it.")]


def commands(open_database: OpenDatabase) -> typer.Typer:
    """The commands; `open_database` gives the settings and the migrated database."""
    user = typer.Typer(no_args_is_help=True)

    @user.command()
    def add(email: Email, name: Name) -> None:
        """Make an account and print the one-time link with which its owner chooses a password."""
        with open_database() as (settings, database):
            typer.echo(_add(settings, database, email=email, name=name))

    @user.command()
    def reset(email: Email) -> None:
        """Print a one-time link with which the user chooses a new password; it ends all their sign-ins when used."""
        with open_database() as (settings, database):
            typer.echo(_reset(settings, database, email=email))

    @user.command(name="list")
    def list_users() -> None:
        """List all accounts."""
        from app.accounts import queries

        with open_database() as (_, database), database.reading() as session:
            for line in _lines(queries.users(session)):
                typer.echo(line)

    @user.command()
    def disable(email: Email) -> None:
        """Shut an account and end its sign-ins; what the user made stays."""
        from app.accounts import service

        with open_database() as (_, database), database.writing() as session:
            service.disable_user(session, email=email, now=datetime.now(UTC))
        typer.echo(f"{email.strip().lower()} can't sign in any more.")

    return user


def _add(settings: "Settings", database: "Database", *, email: str, name: str) -> str:
    from app.accounts import service

    now = datetime.now(UTC)
    with database.writing() as session:
        user_id = service.create_user(session, email=email, name=name, now=now)
        token = service.make_start_link(session, user_id=user_id, now=now)
    return _link(settings, token, email)


def _reset(settings: "Settings", database: "Database", *, email: str) -> str:
    from app.accounts import queries, service

    with database.writing() as session:
        user = queries.user_by_email(session, email)
        if user is None:
            raise NotFoundError(f"There is no account for {email.strip().lower()}. See ./run user list.")
        if user.disabled_at is not None:
            raise ConflictError(f"The account of {user.email} has been disabled.")
        token = service.make_start_link(session, user_id=user.id, now=datetime.now(UTC))
    return _link(settings, token, email)


def _link(settings: "Settings", token: str, email: str) -> str:
    return (
        f"With this link {email.strip().lower()} chooses a password. It works once and lasts 24 hours:\n"
        f"{settings.base_url}/start/{token}"
    )


def _lines(users: "tuple[UserFacts, ...]") -> list[str]:
    if not users:
        return ["There is no account yet. Start ./run and open the link that it prints."]
    width = max(len(user.email) for user in users)
    return [f"{user.email:<{width}}  {_state(user):<20}  {user.name}" for user in users]


def _state(user: "UserFacts") -> str:
    if user.disabled_at is not None:
        return "disabled"
    return "can sign in" if user.has_password else "waits for its link"
