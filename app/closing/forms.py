"""Reading what is sent from the walk."""

from app.numerals import whole
from app.web.forms import FormData


def read_grace(data: FormData) -> int:
    """The minutes until a wave closes; none where nothing was chosen, -1 for what is no such number."""
    grace = whole(data.text("grace", "0"), most=99_999)
    return -1 if grace is None else grace
