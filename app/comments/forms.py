"""Reading a decision on a comment."""

from app.comments.ruling import Ruling
from app.web.forms import FormData


def read_ruling(data: FormData) -> Ruling:
    """Reads the form; whether it can be used is the service's to say."""
    text = data.text("text").replace("\r\n", "\n") if "text" in data.fields else None
    return Ruling(data.text("decision"), text, data.text("theme"), data.text("seen"))
