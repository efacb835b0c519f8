"""How long a questionnaire takes, in words."""

from collections.abc import Sequence

from app.sentences import say, say_count
from surveys.arrange import longest_share, minutes, pages
from surveys.model import Form, Instrument, Workflow


def told(instrument: Instrument, form: str, asked: Sequence[tuple[str, tuple[Workflow, ...]]]) -> str:
    """How long the questionnaire takes, in words, where these departments are asked: function, and what they rate."""
    chosen: Form = "full" if form == "full" else "pulse"
    taken = {
        minutes(
            pages(
                instrument,
                form=chosen,
                function=function,
                seed=b"",
                workflows=rated,
                share=longest_share(instrument, rated),
            )
        )
        for function, rated in asked or [(function, ()) for function in instrument.functions]
    }
    low, high = min(taken), max(taken)
    if low == high:
        return say_count("about a minute", "about {n} minutes", high)
    return say("{low} to {high} minutes", low=low, high=high)
