"""A file of a release as an answer: under a name that says whose and of which wave it is."""

from collections.abc import Mapping
from typing import Final

from fastapi.responses import Response

from app.releases.document.words import row_name
from app.releases.store import StoredRelease
from app.reports import service
from app.reports.options import Options
from app.sentences import Sentence, say
from app.web.views import NO_STORE

KILO: Final = 1000


def attachment(
    release: StoredRelease, options: Options, content: bytes, headers: Mapping[str, str] = NO_STORE
) -> Response:
    """The bytes of a file, to be saved."""
    document = release.document
    part = document.row(options.row)
    name = service.file_name(
        client=document.wave.organisation,
        wave=document.wave.label,
        number=release.number,
        options=options,
        part=row_name(part) if part else "",
    )
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=options.kind.media_type, headers={**headers, **named})


def told_size(count: int) -> Sentence:
    """How large a file of so many bytes is, in words."""
    if count < KILO * KILO:
        return say("{n} kB", n=max(count // KILO, 1))
    return say("{n} MB", n=count // (KILO * KILO))
