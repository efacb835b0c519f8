"""What authors and strangers may send: every refusal names the place, and none costs much memory or time."""

import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.load import INSTRUMENTS, load_file
from surveys.parse import parse
from surveys.reader import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_PROBLEMS,
    MAX_VALUES,
    InstrumentError,
    compose,
    read_bytes,
)
from surveys.translations import read_translation
from surveys.wording import MAX_CHARACTERS
from tests.thorough import examples

FILES = {path.name: path.read_bytes() for path in (INSTRUMENTS / "atr" / "1.0.0").glob("*.yaml")}
ATR = load_file(INSTRUMENTS / "atr" / "1.0.0")
PLACE = re.compile(r"[\w.]+\.yaml(, line \d+(, (item|scale|point|dimension|text|near) .+?)?)?: \S")


def refusal(files: dict[str, bytes]) -> tuple[str, ...]:
    with pytest.raises(InstrumentError) as caught:
        parse(files)
    assert all(PLACE.match(problem) for problem in caught.value.problems), caught.value.problems
    return caught.value.problems


def with_finance(old: str, new: str | bytes) -> dict[str, bytes]:
    data = FILES["finance.yaml"]
    assert data.count(old.encode()) == 1
    return {**FILES, "finance.yaml": data.replace(old.encode(), new if isinstance(new, bytes) else new.encode())}


LAUGHS = "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b]\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (LAUGHS, r"line 1: anchors and aliases \(& and \*\) are not taken"),
        ("a: *b\n", "line 1: anchors and aliases"),
        (
            "module: !!python/object/apply:os.system [ls]\n",
            "line 1: the tag tag:yaml.org,2002:python/object/.* not taken",
        ),
        ("module: !!str finance\n", "line 1: the tag tag:yaml.org,2002:str is not taken"),
        ("module: finance\n---\nmodule: finance\n", "line 2: a second document begins here"),
        ("items:\n\t- {id: FIN1}\n", "line 2, near FIN1: a tab stands here; YAML takes spaces only"),
        ("module: finance\nname: [\n", "line 3: this is not YAML"),
        ("? [a, b]\n: c\n", "line 1: the name of a field is one word"),
        ("<<: {name: a}\n", "line 1: there is no field '<<' here"),
        ("- a\n", "line 1: a group of fields is needed here"),
        ("[" * 100_000, f"line 1: this is nested more than {MAX_DEPTH} deep"),
        ("{a: " * 50_000, "line 1: this is nested more than"),
        ("- " * 100_000, "line 1: this is nested more than"),
        ("a: [x,\n" + "x, " * MAX_VALUES + "]\n", f"line 2: there are more than {MAX_VALUES} values up to here"),
        ("# only words\n", "this file is empty"),
        ("", "this file is empty"),
        ("@", "line 1: this is not YAML"),
        ("%YAML 9.9\n---\na: b\n", "line 1: this is not YAML"),
    ],
)
def test_yaml_beyond_what_a_questionnaire_needs_is_refused_by_its_line(text, problem):
    (told,) = refusal({**FILES, "finance.yaml": text.encode()})
    assert re.match(rf"finance\.yaml(, |: ){problem}", told), told


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("name: B\xfcro".encode("cp1252"), "line 1: the byte 0xFC is not UTF-8 text; read as Windows-1252 it .* 'ü'"),
        ("items:\n  - {id: FIN1, text: \x93x\x94}".encode("latin-1"), "line 2, near FIN1: the byte 0x93 is not .* '“'"),
        ("items:\n  - id: FIN1\n    text: \x80".encode("latin-1"), "line 3, near FIN1: the byte 0x80 .* '€'"),
        ("module: finance".encode("utf-16"), "line 1: this is UTF-16 text. Save the file as UTF-8"),
        ("module: finance".encode("utf-16-be"), "line 1: this is UTF-16 text"),
        ("\ufeffmodule: \u0627\u0628".encode("utf-16-be"), "line 1: this is UTF-16 text"),
        (b"module: finance\nname: a\x00b", r"line 2: the character U\+0000 can't stand in such a file"),
        (b"name: \x1b[31mred", r"line 1: the character U\+001B"),
        ("name: a\u202eb".encode(), r"line 1: the character U\+202E"),
        ("name: a\u200bb".encode(), r"line 1: the character U\+200B"),
        ("name: a\u2028b".encode(), r"line 1: the character U\+2028"),
        ("name: a\ufffdb".encode(), r"line 1: the character U\+FFFD"),
        ("name: a\ue000b".encode(), r"line 1: the character U\+E000"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_named_with_their_line(data, problem):
    (told,) = refusal({**FILES, "finance.yaml": data})
    assert re.match(rf"finance\.yaml, {problem}", told), told


def test_a_mark_of_the_byte_order_before_the_text_is_no_fault():
    assert parse({name: b"\xef\xbb\xbf" + data for name, data in FILES.items()}) == parse(FILES)


def test_composed_and_decomposed_letters_are_the_same_text():
    composed, decomposed = (with_finance("on a fixed schedule", f"einmal t{a}glich") for a in ("\xe4", "a\u0308"))
    assert parse(composed) == parse(decomposed)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("We <b>reconcile</b> it.", "'<b' is markup; a text is plain words"),
        ("We <script>alert(1)</script>", "'<script' is markup"),
        ("</p>", "'</p' is markup"),
        ("Fish &amp; chips", "'&amp;' is markup"),
        ("&#x3c;b&#62;", "'&#x3c;' is markup"),
        ("a\\nb", "a text is one line, without tabs"),
        ("a\\tb", "a text is one line, without tabs"),
        ("a\\u0007b", r"the character U\+0007 can't stand in a text"),
        ("a\\u202Eb", r"the character U\+202E can't stand in a text"),
        ("a\\u2067b", "the isolates of direction .* are not closed"),
        ("a\\u2069b\\u2067", "the isolates of direction .* are not closed"),
        ("x" * (MAX_CHARACTERS + 1), f"the text has {MAX_CHARACTERS + 1} characters; {MAX_CHARACTERS} is the most"),
        (" ", "'text' is empty"),
    ],
)
def test_a_text_that_people_read_is_one_line_of_plain_words(text, problem):
    (told,) = refusal(with_finance("We reconcile agent work on a fixed schedule.", text))
    assert re.match(rf"finance\.yaml, line \d+, item FIN5: {problem}", told), told


@pytest.mark.parametrize(
    "text", ["5 < 6 & 7 > 6", "R&D; and more", "a \\u2067b\\u2069 c", "Q\\u200F", "half-life", "100 %", "a\xadb", "<3"]
)
def test_signs_that_are_no_markup_may_stand_in_a_text(text):
    made = parse(with_finance("We reconcile agent work on a fixed schedule.", text))
    assert made.item("FIN5").text


@pytest.mark.parametrize("value", ["0x1F", "1_000", "1:30", "0b1", "9" * 5000, "1e3", "~", "2026-11-22", "[1]", "+2"])
def test_numbers_are_written_in_digits(value):
    core = FILES["core.yaml"].replace(b"answer: 2", f"answer: {value}".encode())
    (told,) = refusal({**FILES, "core.yaml": core})
    assert re.match(r"core\.yaml, line \d+, item ATT: 'answer' must be a whole number", told), told
    assert len(told) < 200


def test_what_somebody_wrote_is_repeated_in_brief():
    (told,) = refusal(with_finance("relates_to: R2", f"relates_to: {'R' * 900}"))
    assert told.endswith(f"there is no dimension '{'R' * 60}…'")
    (told,) = refusal(with_finance("id: FIN5", "id: [FIN5]"))
    assert re.match(r"finance\.yaml, line \d+: 'id' must be text, not a list", told)


def test_a_file_with_thousands_of_mistakes_tells_the_first_hundred():
    items = "".join(f"  - {{id: fin{n}}}\n" for n in range(MAX_ENTRIES))
    text = f"module: finance\nname: Finance\nitems:\n{items}"
    with pytest.raises(InstrumentError) as caught:
        parse({**FILES, "finance.yaml": text.encode()})
    assert len(caught.value.problems) == MAX_PROBLEMS + 1
    assert caught.value.problems[-1] == f"and {MAX_ENTRIES - MAX_PROBLEMS} more problems"
    (told,) = refusal({**FILES, "finance.yaml": f"{text}  - {{id: FIN1}}\n".encode()})
    assert told.endswith(f"this list has {MAX_ENTRIES + 1} entries; {MAX_ENTRIES} is the most")


def peak(read, path: Path) -> int:
    tracemalloc.start()
    try:
        with pytest.raises(InstrumentError, match=r"\.yaml: this file has more than 512 KB"):
            read(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_file_of_50_megabytes_is_refused_after_its_first_half(tmp_path):
    path = tmp_path / "core.yaml"
    with path.open("wb") as file:
        file.write(FILES["core.yaml"])
        file.truncate(50_000_000)
    assert peak(lambda one: compose(one.name, read_bytes(one)), path) < 3 * MAX_BYTES
    assert peak(lambda one: load_file(one.parent), path) < 3 * MAX_BYTES


def test_the_largest_file_there_can_be_is_read(tmp_path):
    data = FILES["core.yaml"] + b"#" * (MAX_BYTES - len(FILES["core.yaml"]))
    assert parse({**FILES, "core.yaml": data}) == parse(FILES)
    refusal({**FILES, "core.yaml": data + b"#"})


@pytest.mark.parametrize("make", [lambda path, to: path.symlink_to(to), lambda path, _: path.mkdir()])
def test_what_is_no_file_is_not_read(tmp_path, make):
    (tmp_path / "elsewhere").write_bytes(FILES["core.yaml"])
    make(tmp_path / "core.yaml", tmp_path / "elsewhere")
    with pytest.raises(InstrumentError, match=r"core\.yaml: this is not a file"):
        load_file(tmp_path)


@settings(max_examples=examples(200))
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_with_their_file(data):
    refusal({**FILES, "core.yaml": data})
    with pytest.raises(InstrumentError) as caught:
        read_translation("de.yaml", data, ATR)
    assert all(PLACE.match(problem) for problem in caught.value.problems)


YAML = st.text(alphabet="ab:{}[]-,&*!|>'\"%@#?\n\t 012~<\\é\x00\u2028", max_size=60)


@settings(max_examples=examples(200))
@given(at=st.integers(0, len(FILES["core.yaml"])), cut=st.integers(0, 30), put=YAML | st.binary(max_size=10))
def test_a_spoilt_file_is_read_or_refused_and_nothing_else(at, cut, put):
    data = FILES["core.yaml"]
    spoilt = data[:at] + (put if isinstance(put, bytes) else put.encode()) + data[at + cut :]
    try:
        parse({**FILES, "core.yaml": spoilt})
        problems: tuple[str, ...] = ()
    except InstrumentError as error:
        problems = error.problems
    assert all(PLACE.match(problem) or problem.startswith("and ") for problem in problems), problems
