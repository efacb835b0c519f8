"""Reading what is sent from the walk."""

from app.web.forms import FormData


def read_grace(data: FormData) -> int:
    """The minutes until a wave closes; none where nothing was chosen, -1 for what is no such number."""
    text = data.text("grace", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
