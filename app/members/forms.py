"""What is typed for handing a client over."""

from app.members.handing import Wanted
from app.web.forms import FormData


def read_handing(data: FormData) -> Wanted:
    """To whom, and what becomes of who hands it over."""
    return Wanted(
        colleague=data.text("colleague"),
        email=data.text("to_email"),
        name=data.text("to_name"),
        stay=data.text("after") != "leave",
    )
