"""Sentences, days and numbers in each language, and catalogs that fit the pages."""

from copy import deepcopy
from datetime import UTC, date, datetime

import pytest
from babel.messages.catalog import Message
from markupsafe import Markup

from app.sentences import Hundredths, Listing, Passage, Sentence, adopted, recalled, say, say_count
from app.web import catalogs, extraction
from app.web.catalogs import PARTS, faults, read_catalog
from app.web.speech import Speech, speech, wished
from app.web.templating import make_environment
from surveys.languages import LANGUAGES
from surveys.sentences import at_line, tell

DAY = date(2026, 11, 22)
CATALOGS = [(language, part) for part, languages in PARTS.items() for language in languages]


class Woodland(Speech):
    """A language that says little, to see what is asked for and what is done with the answer."""

    def __init__(self, words: dict[str, str]) -> None:
        super().__init__(LANGUAGES["de"])
        self._translations = catalogs.translations("de").__class__()
        self._translations.gettext = lambda message: words.get(message, message)  # type: ignore[method-assign]


def test_a_sentence_is_its_english_self_wherever_nobody_asks_for_more():
    made = say("{who} answered on {day}.", who="Nobody", day=DAY)
    assert made == "Nobody answered on 22 November 2026."
    assert say_count("{n} page", "{n} pages", 1) == "1 page"
    assert say_count("{n} page", "{n} pages", 12_000) == "12\u202f000 pages"
    assert Listing(["a", "b", "c"]) == "a, b and c"
    assert Listing(["a"]) == "a"


def test_what_can_be_said_stays_whole_when_a_document_that_holds_it_is_copied():
    for one in (say("{n} left", n="x"), Listing(["Legal", "HR"]), Passage(["One.", "Two."]), Hundredths(83)):
        assert deepcopy(one) is one


def test_numbers_with_decimals_are_written_as_each_language_writes_them():
    assert (str(Hundredths(-5)), Hundredths(100), Hundredths(83)) == ("\u2212.05", "1.00", ".83")
    assert (speech("de").say(Hundredths(-5)), speech("de").say(Hundredths(83))) == ("\u22120,05", "0,83")


def test_sentences_inside_sentences_are_said_too():
    woodland = Woodland({"{what} rustles": "es raschelt: {what}", "the tree": "der Baum"})
    assert woodland.say(say("{what} rustles", what=say("the tree"))) == "es raschelt: der Baum"
    assert woodland.say(Listing([say("the tree"), "x"])) == "der Baum und x"
    assert woodland.say("the tree") == "the tree", "what is no sentence is left alone"


def test_what_was_written_down_in_english_is_said_again_where_it_is_known():
    among = (say("{months} months after {wave}; {months} again"), say_count("{n} page", "{n} pages", 0))
    found = recalled("6 months after Q3; 6 again", among)
    assert isinstance(found, Sentence)
    assert (found, found.values) == ("6 months after Q3; 6 again", {"months": "6", "wave": "Q3"})
    assert isinstance(recalled("12\u202f000 pages", among), Sentence)
    assert recalled("1 page", among) == "1 page"
    for other in ("6 months after Q3; 7 again", "page", "6 months after Q3; 6 again.", ""):
        assert type(recalled(other, among)) is str


def test_sentences_about_questionnaires_are_said_in_the_language_of_the_page_with_those_inside_them():
    told = at_line(tell("the field '{field}' is missing", field="{id}"), file="x.yaml", line=3, label="T1")
    assert told == "x.yaml, line 3, T1: the field '{id}' is missing"
    assert speech("de").say(adopted(told)) == "x.yaml, Zeile 3, T1: das Feld „{id}“ fehlt"
    assert adopted("plain") == "plain"
    assert adopted(say("Open")) == "Open"


def test_braces_in_what_people_typed_stay_braces():
    assert say("{name} is taken.", name="{0.x}") == "{0.x} is taken."
    assert speech("de").say(say("{name} is taken.", name="{0.x}")) == "{0.x} is taken."


def test_values_in_templates_are_escaped_and_words_are_not():
    environment = make_environment(Woodland({"Good day, <b>%(name)s</b>": "Guten Tag, <b>%(name)s</b>"}))
    page = environment.from_string("{% trans %}Good day, <b>{{ name }}</b>{% endtrans %}|{{ name }}")
    assert page.render(name="<i>") == "Guten Tag, <b>&lt;i&gt;</b>|&lt;i&gt;"


def test_what_a_template_prints_is_said_in_its_language():
    environment = make_environment(Woodland({"A <thing>": "Ein <Ding>"}))
    assert environment.from_string("{{ it }}").render(it=say("A <thing>")) == "Ein &lt;Ding&gt;"


@pytest.mark.parametrize(
    ("language", "day", "count"),
    [
        ("en", "22 November 2026", "12\u202f000"),
        ("de", "22. November 2026", "12.000"),
        ("fr", "22 novembre 2026", "12\u202f000"),
        ("es", "22 de noviembre de 2026", "12.000"),
        ("ar", "22 نوفمبر 2026", "12,000"),
    ],
)
def test_days_and_numbers_are_written_as_each_language_writes_them(language, day, count):
    assert speech(language).day(DAY) == speech(language).day("2026-11-22") == day
    assert speech(language).number(12_000) == count
    assert speech(language).number(999) == "999"
    assert speech(language).moment(datetime(2026, 11, 22, 13, 5, tzinfo=UTC), "Europe/Berlin") == f"{day}, 14:05"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("pt, fr-CH;q=0.4, en;q=0.3", "fr"),
        ("en;q=0.2, es;q=0.7", "es"),
        ("de;q=0, ar", "ar"),
        ("ja", None),
        ("", None),
        (";;;,q=,=;q=x,de;q=nan", None),
        ("*", None),
        ("x," * 4000 + "de", None),
    ],
)
def test_the_language_that_a_browser_likes_most_is_found(header, language):
    assert wished(header, LANGUAGES) == language


def test_every_catalog_has_exactly_the_messages_of_the_pages():
    names = [path.name for path in extraction.outdated()]
    assert names == [], "run ./run catalogs"


@pytest.mark.parametrize(("language", "part"), CATALOGS)
def test_the_words_of_every_message_fit_it(language, part):
    assert [fault for message in read_catalog(language, part) if message.id for fault in faults(message)] == []


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("{k} people", "{n} Leute"),
        ("{k} people", "Leute"),
        ("%(name)s is <b>bold</b>", "%(name)s ist fett"),
        ("Plain", "<script>"),
        ("Plain", "1 < 2"),
        (("{n} page", "{n} pages"), ("{n} Seite", "")),
        (("{n} page of {k}", "{n} pages of {k}"), ("eine Seite", "{n} Seiten von {k}")),
    ],
)
def test_words_that_do_not_fit_their_message_are_found(message, words):
    assert len(faults(Message(message, words))) == 1


def test_a_form_for_one_thing_may_leave_the_number_out():
    assert faults(Message(("{n} page of {k}", "{n} pages of {k}"), ("eine Seite von {k}", "{n} Seiten von {k}"))) == ()


def test_words_are_kept_when_a_catalog_is_written_again_and_those_of_gone_messages_dropped(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogs, "ROOT", tmp_path)
    path = catalogs.path_of("de", "console")
    path.parent.mkdir()
    path.write_text('msgid "Stays"\nmsgstr "Bleibt"\n\nmsgid "Goes"\nmsgstr "Geht"\n', encoding="utf-8")
    again = extraction.written("de", "console", {"Stays": ["a.html"], "Comes": ["a.html"]}).decode()
    assert 'msgid "Stays"\nmsgstr "Bleibt"' in again
    assert 'msgid "Comes"\nmsgstr ""' in again
    assert "Goes" not in again
    assert extraction.written("de", "console", {"Stays": ["a.html"], "Comes": ["a.html"]}).decode() == again


def test_markup_that_is_spoken_is_marked_as_safe_once():
    assert isinstance(speech("en").gettext("Plain"), Markup)
