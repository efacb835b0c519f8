import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import load
from surveys.arrange import layout, pages
from surveys.comments import QUESTIONS
from surveys.languages import LANGUAGES
from surveys.load import load_file, read_translations
from surveys.model import FORMS, FUNCTIONS
from surveys.reader import InstrumentError
from surveys.translations import (
    faults,
    missing,
    read_translation,
    source_texts,
    spoken,
    spoken_questions,
    translate,
)
from tests.surveys.authored import with_workflow

ATR = load.load("atr", "1.0.0")
SOURCE = source_texts(ATR)
LABEL = f"scales.{ATR.attention.scale}.{ATR.attention_answer}"
ATTENTION = f"items.{ATR.attention.id}"

HEAD = f"language: de\ninstrument: {ATR.key}\nversion: {ATR.version}\nstate: machine\n"


def german(**texts: str):
    return translate(ATR, language="de", texts=texts)


def refusal(body: str, *, file: str = "de.yaml") -> tuple[str, ...]:
    with pytest.raises(InstrumentError) as caught:
        read_translation(file, (HEAD + body).encode(), ATR)
    return caught.value.problems


def shouted(path: str) -> str:
    """A text that differs from the source and keeps its names in braces and its quoted label."""
    return re.sub(r"\{[a-z]+\}|[^{}]+?", lambda found: found[0] if "{" in found[0] else found[0].upper(), SOURCE[path])


def test_every_language_has_its_own_name_and_a_direction():
    assert [(one.tag, one.name) for one in LANGUAGES.values()] == [
        ("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية"),
    ]  # fmt: skip
    assert {tag for tag, one in LANGUAGES.items() if one.direction == "rtl"} == {"ar"}


def test_the_paths_of_a_questionnaire_name_every_text_of_it():
    ids = {item.id for item in ATR.items()} | {item.id for item in ATR.workflow}
    assert {path.removeprefix("items.") for path in SOURCE if path.startswith("items.")} == ids
    assert SOURCE["scales.true5.1"] == "Not at all true"
    assert SOURCE["dimensions.T1.short"] == ATR.dimension("T1").short
    assert SOURCE["modules.legal"] == ATR.modules["legal"].name
    assert SOURCE["pages.module.title"] == ATR.page_texts["module"].title
    assert "pages.trust.stem" not in SOURCE
    assert {f"comments.{one.id}" for one in QUESTIONS} <= SOURCE.keys()


@given(st.sets(st.sampled_from(sorted(SOURCE))))
def test_what_is_translated_is_said_in_the_other_language_and_the_rest_in_the_source(paths):
    paths = paths | {LABEL, ATTENTION} if paths & {LABEL, ATTENTION} else paths
    made = translate(ATR, language="de", texts={path: shouted(path) for path in paths})
    said = source_texts(spoken(ATR, made))
    for path in SOURCE.keys() - {f"comments.{one.id}" for one in QUESTIONS}:
        assert said[path] == (shouted(path) if path in paths else SOURCE[path])
    told = {f"comments.{one.id}": one.text for one in spoken_questions(made)}
    assert told == {path: shouted(path) if path in paths else SOURCE[path] for path in told}
    assert set(missing(ATR, made)) == SOURCE.keys() - paths
    assert set(made.unreviewed()) == paths


def test_a_questionnaire_in_another_language_is_the_same_questionnaire():
    said = spoken(ATR, german(stem="Wie sehr trifft das zu?"))
    assert (said.language, said.stem) == ("de", "Wie sehr trifft das zu?")
    assert said.sha256 == ATR.sha256
    assert spoken(ATR, None) is ATR
    for form in FORMS:
        for function in FUNCTIONS:
            mine, theirs = (layout(one, form=form, function=function) for one in (ATR, said))
            assert (mine, mine.answers) == (theirs, theirs.answers)
            assert [page.key for page in pages(said, form=form, function=function, seed=b"s")] == [
                page.key for page in pages(ATR, form=form, function=function, seed=b"s")
            ]


def test_pages_are_headed_in_the_language_of_the_questionnaire():
    texts = {"pages.module.title": "Ihr Fachgebiet: {name}", "modules.finance": "Finanzen"}
    said = spoken(ATR, translate(ATR, language="de", texts=texts))
    assert pages(said, form="full", function="finance", seed=b"")[-1].title == "Ihr Fachgebiet: Finanzen"
    assert pages(ATR, form="full", function="finance", seed=b"")[-1].title == "Your own field: Finance"


def test_a_translation_is_known_by_its_words_and_not_by_who_has_reviewed_them():
    words = {"stem": "Wie sehr trifft das zu?", "name": "Vertrauen"}
    one = translate(ATR, language="de", texts=words)
    other = translate(ATR, language="de", texts=dict(reversed(words.items())), reviewed=["stem"])
    assert one.sha256 == other.sha256
    assert (one.unreviewed(), other.unreviewed()) == (("name", "stem"), ("name",))
    assert one.sha256 != translate(ATR, language="fr", texts=words).sha256
    assert one.sha256 != german(stem="Wie sehr trifft das zu.").sha256


def test_a_file_is_read_into_its_texts_states_and_hash():
    body = (
        'reviewed: [stem, items.T1a]\nstem: "Wie sehr trifft das zu?"\nextra: {dk: "Weiß nicht"}\n'
        'scales:\n  true5: {1: "Gar nicht"}\nitems: {T1a: "Agenten können das."}\n'
    )
    made = read_translation("de.yaml", (HEAD + body).encode(), ATR)
    assert made.texts == {
        "stem": "Wie sehr trifft das zu?",
        "scales.true5.1": "Gar nicht",
        "extra.dk": "Weiß nicht",
        "items.T1a": "Agenten können das.",
    }
    assert {path: made.state_of(path) for path in made.texts} == {
        "stem": "reviewed", "scales.true5.1": "machine", "extra.dk": "machine", "items.T1a": "reviewed",
    }  # fmt: skip
    assert made == translate(ATR, language="de", texts=made.texts, reviewed=["stem", "items.T1a"])


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('items:\n  T9z: "Neu"\n', f"de.yaml, line 6, item T9z: atr {ATR.version} has no such text"),
        ('pages: {trust: {stem: "Wie?"}}\n', f"de.yaml, line 5, text pages.trust.stem: atr {ATR.version} has no such"),
        ('pages: {module: {title: "Ihr Fach"}}\n', "text pages.module.title: it takes {name}, as the text in the"),
        ('pages: {module: {title: "{nam}"}}\n', "it takes {name}, as the text in the source's language, and has {nam}"),
        ('stem: "Wie {name}?"\n', "text stem: it takes no name in braces, as the text in the .* and has {name}"),
        ('stem: "Wie {?"\n', "text stem: a brace stands alone"),
        ("stem: ''\n", "de.yaml, line 5, text stem: 'stem' is empty"),
        ("stem: [a]\n", "de.yaml, line 5, text stem: 'stem' must be text, not a list"),
        ("items: {T1a: No}\n", "de.yaml, line 5, item T1a: 'T1a' must be text, not true or false; put it in quotes"),
        ("items: {T1a: <b>Ja</b>}\n", "de.yaml, line 5, item T1a: '<b' is markup; a text is plain words"),
        ("stem: 12\n", "'stem' must be text, not a whole number; put it in quotes"),
        ("stemm: a\n", "de.yaml, line 5: there is no field 'stemm' here"),
        ("stem: a\nstem: b\n", "de.yaml, line 6: the field 'stem' is given twice"),
        ("items: {T1a: a, T1a: b}\n", "the field 'T1a' is given twice"),
        ("reviewed: [items.T1a]\n", "de.yaml, line 5: 'items.T1a' is not a text of this file"),
        ("reviewed: stem\nstem: a\n", "'reviewed' must be a list of texts"),
        ("scales: {true5: {1: ja, 3: ja}}\n", "text scales.true5.3: another answer of this scale has the same label"),
        (
            "scales: {true5: {2: Etwas}}\n",
            "line 5, text scales.true5.2: item ATT asks for this answer by its label and is",
        ),
        (
            "items: {ATT: Bitte 'Etwas' wählen}\n",
            "line 5, item ATT: it has to ask for its answer by the label, .*: 'Slightly true'",
        ),
    ],
)
def test_a_mistake_in_a_translation_is_named_with_its_line(body, problem):
    (told,) = refusal(body)
    assert re.search(problem.replace("{", r"\{").replace("}", r"\}"), told), told


@pytest.mark.parametrize(
    "quoted", ["'Etwas'", '\\"Etwas\\"', "„Etwas“", "«\u00a0Etwas\u00a0»", "“Etwas”", "»Etwas«", "‹Etwas›"]
)
def test_the_attention_item_quotes_the_label_of_its_answer_in_any_quotation_marks(quoted):
    body = f'scales: {{true5: {{2: "Etwas"}}}}\nitems: {{ATT: "Bitte {quoted} wählen."}}\n'
    read_translation("de.yaml", (HEAD + body).encode(), ATR)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("language: de", "language: fr", "line 1: this translation lies at the place of language de"),
        ("instrument: atr", "instrument: rta", "line 2: this translation lies at the place of instrument atr"),
        (f"version: {ATR.version}", "version: 0.9.0", f"this translation lies at the place of version {ATR.version}"),
        ("state: machine", "state: perfect", "there is no state 'perfect'; known are machine, reviewed"),
    ],
)
def test_a_translation_says_what_it_translates_and_how_good_it_is(old, new, problem):
    with pytest.raises(InstrumentError, match=re.escape(problem)):
        read_translation("de.yaml", HEAD.replace(old, new).encode(), ATR)


@pytest.mark.parametrize("file", ["tlh.yaml", "en.yaml", "de.yml", "de", "../de.yaml", "de.yaml.bak"])
def test_a_translation_is_called_after_its_language(file):
    with pytest.raises(
        InstrumentError, match=re.escape(f"{file}: a translation is called after its language: de.yaml")
    ):
        read_translation(file, HEAD.encode(), ATR)


def test_a_translation_that_is_made_of_texts_is_held_to_the_same():
    with pytest.raises(InstrumentError) as caught:
        german(**{"stem": "Wie {x}?", "items.T9z": "Neu"})
    assert [one.split(": ")[0] for one in caught.value.problems] == ["de, text stem", "de, item T9z"]
    with pytest.raises(InstrumentError, match="'en' is not a language to translate into"):
        translate(ATR, language="en", texts={})
    assert not list(faults(ATR, SOURCE))


def test_ratings_of_workflows_are_translated_too(authored):
    with_workflow(authored)
    instrument = load_file(authored.folder)
    made = translate(instrument, language="de", texts={"items.F": "Wie oft: {workflow}?"})
    assert spoken(instrument, made).item("invoice-check:F").text == "Wie oft: {workflow}?"
    with pytest.raises(InstrumentError, match=r"de, item F: it takes \{workflow\}"):
        translate(instrument, language="de", texts={"items.F": "Wie oft?"})


def beside(authored, name: str, text: str) -> None:
    (authored.folder / "translations").mkdir(exist_ok=True)
    (authored.folder / "translations" / name).write_text(text, encoding="utf-8")


def test_the_translations_beside_a_questionnaire_are_read_in_the_order_of_the_languages(authored):
    instrument = load_file(authored.folder)
    head = HEAD.replace(ATR.version, instrument.version)
    assert read_translations(authored.folder, instrument) == {}
    for tag in ("fr", "de"):
        beside(authored, f"{tag}.yaml", head.replace("language: de", f"language: {tag}") + f'stem: "{tag}?"\n')
    found = read_translations(authored.folder, instrument)
    assert [(tag, one.texts["stem"]) for tag, one in found.items()] == [("de", "de?"), ("fr", "fr?")]
    beside(authored, "de.yaml", "stem: a\n")
    beside(authored, "es.yaml", "[")
    with pytest.raises(InstrumentError) as caught:
        read_translations(authored.folder, instrument)
    assert [problem.split(":")[0].split(",")[0] for problem in caught.value.problems] == ["de.yaml", "es.yaml"]


@pytest.fixture
def of_its_own(authored, monkeypatch):
    """The copy as the place of all questionnaires, with a German translation that was published."""
    instrument = load_file(authored.folder)
    beside(authored, "de.yaml", HEAD.replace(ATR.version, instrument.version) + 'stem: "Wie sehr?"\n')
    translation = read_translations(authored.folder, instrument)["de"]
    lines = [f"atr 1.0.0 {instrument.sha256}", f"atr 1.0.0 de {translation.sha256}", ""]
    (authored.folder.parents[1] / "PUBLISHED").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(load, "INSTRUMENTS", authored.folder.parents[1])
    caches = (load._list, load.load, load.translations)
    for cached in caches:
        cached.cache_clear()
    yield authored
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()


def test_published_translations_are_read_by_key_and_version(of_its_own):
    assert load.published() == (("atr", "1.0.0"),)
    assert load.latest("atr").version == "1.0.0"
    assert {tag: one.texts for tag, one in load.translations("atr", "1.0.0").items()} == {"de": {"stem": "Wie sehr?"}}


def test_a_translation_that_was_not_published_is_not_offered(of_its_own):
    beside(of_its_own, "fr.yaml", HEAD.replace("de", "fr", 1).replace(ATR.version, "1.0.0"))
    assert list(load.translations("atr", "1.0.0")) == ["de"]


def test_a_published_translation_whose_words_changed_is_not_loaded_and_a_review_changes_no_word(of_its_own):
    path = of_its_own.folder / "translations" / "de.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "reviewed: [stem]\n", encoding="utf-8")
    assert load.translations("atr", "1.0.0")["de"].unreviewed() == ()
    load.translations.cache_clear()
    path.write_text(path.read_text(encoding="utf-8").replace("sehr", "viel"), encoding="utf-8")
    with pytest.raises(InstrumentError, match=r"de\.yaml of atr 1\.0\.0: a text has changed since it was published"):
        load.translations("atr", "1.0.0")


def test_translations_of_a_questionnaire_that_was_never_published_are_refused():
    with pytest.raises(InstrumentError, match=r"no published questionnaire atr 9\.9\.9"):
        load.translations("atr", "9.9.9")
