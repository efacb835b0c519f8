"""Forms as they were sent: strings by name. Features check them in their `forms.py` and answer with 422."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from pydantic import BeforeValidator, Field
from starlette.datastructures import FormData as StarletteForm
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect

from app.errors import InvalidError, TooLargeError
from app.numerals import LARGEST_NUMBER, whole
from app.sentences import say

MAX_FIELDS = 2000
MOST_CELLS = 20_000  # fields of a form with tables that grow with a client, two for each cell
SHORT = 4000  # bytes: fewer than MAX_FIELDS fields, and no field that could be too long
MAX_FILE = 2 * 1024 * 1024
MOST_FILES = 4
MAX_LIST = 10 * 1024 * 1024  # a list of people, who may be many, or a questionnaire with all its versions

NOT_READ = say(
    "The form could not be read: it was cut off on its way, or it holds far more than fits. What was "
    "saved before is safe. Go back and send it again."
)


def _in_digits(typed: object) -> object:
    """What was typed, unless it is a text that Python would read as a number all the same, as `1_0` or ` 1`."""
    if isinstance(typed, str) and not (typed.isascii() and typed.isdecimal()):
        raise ValueError
    return typed


Number = Annotated[int, BeforeValidator(_in_digits), Field(ge=0, le=LARGEST_NUMBER)]
"""A whole number in an address. What no row can have is an address at which there is nothing."""

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


@dataclass(frozen=True)
class FormData:
    """Fields (white space at the ends removed, the first of a name) and uploaded files as bytes, with their names."""

    fields: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    file_names: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The field's text, or `default` when it was not sent."""
        return self.fields.get(name, default)

    def number(self, name: str, *, most: int = LARGEST_NUMBER) -> int | None:
        """The field as a whole number from 0 to `most`, None for anything else."""
        return whole(self.text(name), most=most)


def takes_lists(endpoint: Endpoint) -> Endpoint:
    """Marks an endpoint whose forms may bring a long list of people; goes directly above the function."""
    endpoint.__largest_file__ = MAX_LIST  # type: ignore[attr-defined]  # read by read_form
    return endpoint


def takes_tables(endpoint: Endpoint) -> Endpoint:
    """Marks an endpoint whose form has tables with a line for each department; goes directly above the function."""
    endpoint.__most_fields__ = MOST_CELLS  # type: ignore[attr-defined]  # read by most_fields
    return endpoint


def most_fields(request: Request) -> int:
    """So many fields the form of a request may have."""
    most: int = getattr(request.scope.get("endpoint"), "__most_fields__", MAX_FIELDS)
    return most


async def read_form(request: Request) -> FormData:
    """Reads the form of a request: an empty one where no form was sent, whose body is then left unread.

    Raises InvalidError for a form that is broken, far too large, or cut off because the sender hung up, TooLargeError
    for a file that is larger than its form takes.
    """
    largest: int = getattr(request.scope.get("endpoint"), "__largest_file__", MAX_FILE)
    try:
        if _is_short(request):
            sent = parse_qsl((await request.body()).decode("latin-1"), keep_blank_values=True)
            fields: dict[str, str] = {}
            for name, value in sent:
                fields.setdefault(name, _tidy(value))
            return FormData(fields)
        await _refuse_far_too_large(request, largest)
        async with request.form(max_fields=most_fields(request), max_files=MOST_FILES, max_part_size=largest) as form:
            return await _read(form, largest)
    except (MultiPartException, HTTPException, ClientDisconnect) as error:
        raise InvalidError(NOT_READ) from error


async def _refuse_far_too_large(request: Request, largest: int) -> None:
    """Refuses a form that says it is larger than all files that it may bring: read to its end, so that the browser
    shows the answer, and kept nowhere."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > (MOST_FILES + 1) * largest:
        async for _ in request.stream():
            pass
        raise _too_large(largest)


def _too_large(largest: int) -> TooLargeError:
    return TooLargeError(
        say(
            "The file is larger than {most} MB, so nothing was kept or changed. Go back and send a smaller one.",
            most=largest // (1024 * 1024),
        )
    )


def _is_short(request: Request) -> bool:
    """True for a form without files that says that it is short, which most are: Python reads it in one go."""
    headers = request.headers
    length = headers.get("content-length", "")
    return (
        headers.get("content-type", "").partition(";")[0].strip() == "application/x-www-form-urlencoded"
        and length.isdecimal()
        and int(length) <= SHORT
    )


def _tidy(value: str) -> str:
    return value.strip().replace("\x00", "")


async def _read(form: StarletteForm, largest: int) -> FormData:
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read(largest + 1)
            if len(content) > largest:
                raise _too_large(largest)
            files[name] = content
            names[name] = _tidy(value.filename or "")
        else:
            fields.setdefault(name, _tidy(value))
    return FormData(fields, files, names)


FormDep = Annotated[FormData, Depends(read_form)]
