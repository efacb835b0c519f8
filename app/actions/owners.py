"""Who does what: everybody of the plan with what is still theirs, and handing that over to somebody else."""

from collections.abc import Iterable, Mapping
from typing import Final

from app.actions.facts import ENDED
from app.actions.pages import LANGUAGES
from app.actions.queries import Planned
from app.actions.sight import Sight
from app.actions.views import Owner, OwnersPage

NOTHING_TYPED: Final[Mapping[str, str]] = {"who": "", "owner": "", "mail": "", "language": "en", "left": ""}


def key_of(one: Planned) -> str:
    """What a person is known by: their address, or their name where they have none."""
    return (one.facts.mail or one.facts.owner).casefold()


def page(
    sight: Sight,
    *,
    has_mail: bool,
    typed: Mapping[str, str] = NOTHING_TYPED,
    errors: Mapping[str, str] | None = None,
) -> OwnersPage:
    """Everybody who still has something to do, by name, with those actions, and whoever has none left."""
    found, over = _running(sight), _over(sight)
    owners = [
        Owner(
            key=key,
            name=some[0].facts.owner,
            mail=some[0].facts.mail,
            lines=tuple(sight.drawer.line(one) for one in some),
        )
        for key, some in found.items()
    ]
    return OwnersPage(
        organisation=sight.organisation,
        runs_it=sight.member.runs_it,
        owners=tuple(sorted(owners, key=lambda one: one.name.casefold())),
        giving=tuple(
            (key, some[0].facts.owner)
            for key, some in (*found.items(), *over.items())
            if any(map(sight.drawer.can_change, some))
        ),
        over=tuple(sorted((some[0].facts.owner for some in over.values()), key=str.casefold)),
        has_mail=has_mail,
        languages=LANGUAGES,
        typed=typed,
        errors=errors or {},
    )


def _running(sight: Sight) -> dict[str, list[Planned]]:
    """What each still has to do."""
    return _by_person(one for one in sight.seen if one.facts.status not in ENDED)


def _over(sight: Sight) -> dict[str, list[Planned]]:
    """What those have done who have nothing left to do: their names stand there too, until they are taken out."""
    left = _running(sight)
    return {key: some for key, some in _by_person(sight.seen).items() if key not in left}


def _by_person(some: Iterable[Planned]) -> dict[str, list[Planned]]:
    found: dict[str, list[Planned]] = {}
    for one in some:
        if one.facts.owner:
            found.setdefault(key_of(one), []).append(one)
    return found
