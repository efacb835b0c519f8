"""A receipt in another language: the page sends along what it shows, so nothing of it is kept here (decision 21)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from app.answers.write import DraftAnswers, Remark
from app.respond import comments, lots
from app.respond.forms import read_page
from app.respond.visit import Visit
from app.web.forms import FormData

DAY = "day"


def sent_along(draft: DraftAnswers, day: date) -> Mapping[str, str]:
    """What a receipt shows, as the hidden fields of its form: answers by item, words by question, the day."""
    words = {key: one.body for key, one in draft.remarks.items() if one.body}
    themes = {f"{key}-themes": "yes" for key, one in draft.remarks.items() if one.themes_only}
    return {**draft.answers, **words, **themes, DAY: day.isoformat()}


def read_receipt(data: FormData, visit: Visit, now: datetime) -> tuple[DraftAnswers, date]:
    """What such a form says, and its day. What the survey does not ask is left out; a day that is none is today."""
    answers: dict[str, str] = {}
    every = replace(visit, fallen=tuple(one.id for one in visit.department.workflows)) if visit.shared_out else visit
    for page in every.pages:
        answers |= read_page(data, instrument=visit.instrument, page=page, now=now).answers
    try:
        day = date.fromisoformat(data.text(DAY))
    except ValueError:
        day = visit.today(now)
    remarks: Mapping[str, Remark] = comments.read_remarks(data).remarks if visit.wave.policy.comments else {}
    return lots.all_of(visit.department.workflows, DraftAnswers(day, answers, remarks=remarks)), day
