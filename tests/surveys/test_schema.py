import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from surveys import parse, schema, translations
from surveys.archive import MANIFEST, Archive, pack, shelve
from surveys.load import INSTRUMENTS

SCHEMAS = {name.partition(".")[0]: json.loads(text) for name, text in schema.files().items()}
PUBLISHED_AT = Path(__file__).parents[2] / "docs" / "schemas"
FOLDERS = sorted(path.parent for path in INSTRUMENTS.glob("*/*/core.yaml"))
FILES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.yaml"))]


def kind(path: Path) -> str:
    if path.parent.name == translations.TRANSLATIONS:
        return "translation"
    return "core" if path.name == parse.CORE_FILE else "module"


def as_json(data: object) -> object:
    """What YAML holds, with the names of fields as JSON has them."""
    if isinstance(data, Mapping):
        return {str(key): as_json(value) for key, value in data.items()}
    return [as_json(one) for one in data] if isinstance(data, list) else data


def faults(name: str, data: object) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMAS[name]).iter_errors(data)]


@pytest.mark.parametrize("name", sorted(schema.files()))
def test_the_published_schemas_are_those_of_the_program(name):
    """When this fails: ./run instrument schema --to docs/schemas"""
    assert (PUBLISHED_AT / name).read_text(encoding="utf-8") == schema.files()[name]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_published_schema_is_a_json_schema(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_there_are_no_other_schemas():
    assert {path.name for path in PUBLISHED_AT.glob("*.json")} == set(schema.files())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(INSTRUMENTS).as_posix())
def test_every_shipped_file_satisfies_its_schema(path):
    assert faults(kind(path), as_json(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_list_of_contents_of_an_archive_satisfies_its_schema(folder):
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yaml")}
    with zipfile.ZipFile(io.BytesIO(pack(Archive((shelve(files, published=frozenset()),))))) as packed:
        told = json.loads(packed.read(MANIFEST))
    assert faults("archive", told) == []
    assert faults("archive", {**told, "format": "other"})
    assert faults("archive", {**told, "versions": []})


def test_the_schemas_know_the_fields_that_the_reader_knows():
    core = SCHEMAS["core"]["properties"]
    assert set(core) == set(parse.CORE_FIELDS)
    assert set(core["context"]["items"]["properties"]) == set(parse.ITEM_FIELDS)
    assert set(core["dimensions"]["items"]["properties"]) == set(parse.DIMENSION_FIELDS)
    assert set(SCHEMAS["module"]["properties"]) == set(parse.MODULE_FIELDS)
    assert set(SCHEMAS["module"]["properties"]["items"]["items"]["properties"]) == {*parse.ITEM_FIELDS, "relates_to"}
    assert set(SCHEMAS["translation"]["properties"]) == {*translations.FIELDS, *translations.GROUPS}


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("core", lambda told: told.update(colour="red")),
        ("core", lambda told: told.pop("attention")),
        ("core", lambda told: told.update(version="1.0")),
        ("core", lambda told: told["dimensions"][0].update(block="hope")),
        ("core", lambda told: told["scales"][0]["points"].append({"value": 10, "label": "x"})),
        ("core", lambda told: told["context"][0].update(id="e1")),
        ("core", lambda told: told["functions"].pop("it")),
        ("module", lambda told: told["items"][0].pop("relates_to")),
        ("module", lambda told: told.update(items=[])),
        ("translation", lambda told: told.update(state="perfect")),
        ("translation", lambda told: told["items"].update(t1a="x")),
        ("translation", lambda told: told["dimensions"].update(T1={"colour": "red"})),
    ],
)
def test_what_does_not_fit_a_schema_is_found(name, change):
    path = next(path for path in reversed(FILES) if kind(path) == name)
    told = as_json(yaml.safe_load(path.read_text(encoding="utf-8")))
    change(told)
    assert faults(name, told)
