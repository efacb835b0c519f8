"""The JSON Schemas (2020-12) of the library's files, made of what the reader knows: for editors and other programs."""

import json
from collections.abc import Iterable, Mapping

from app.playbooks import catalogue, reading
from app.playbooks.action import BANDS, CONTROLS, COSTS, DIMENSIONS, KNOWN_FUNCTIONS
from app.playbooks.fields import DAY, VERSION
from app.playbooks.guardrail import FLAGS
from app.playbooks.roles import ROLES
from app.playbooks.shelf import STATES

# A part of a schema: plain JSON.
Schema = Mapping[str, object]


def files() -> dict[str, str]:
    """The schemas by the names of their files."""
    made = {
        "action.schema.json": _action(),
        "action-words.schema.json": _words(),
        "guardrail.schema.json": _guardrail(),
        "guardrail-words.schema.json": _rule_words(),
        "language.schema.json": _group("How far a language was looked at", {"state": _word(STATES)}, ["state"]),
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {name: json.dumps({**head, **one}, indent=2, ensure_ascii=False) + "\n" for name, one in made.items()}


def _action() -> Schema:
    fields: dict[str, Schema] = {
        "action": _form(reading.ID.pattern),
        "version": _form(VERSION.pattern),
        "dimension": _word(DIMENSIONS),
        "bands": _some(_word(BANDS), least=1),
        "functions": _some(_word(KNOWN_FUNCTIONS)),
        "unlocks": _some(_word(CONTROLS)),
        "instead_of": _form(reading.ID.pattern),
        "recurring": {"type": "boolean"},
        "owner": _word(tuple(ROLES)),
        "support": _some(_word(tuple(ROLES))),
        "hours": {"type": "integer", "minimum": 1, "maximum": reading.MOST_HOURS},
        "weeks": {"type": "integer", "minimum": 1, "maximum": reading.MOST_WEEKS},
        "cost": _word(COSTS),
        **_texts(2),
        "moves": _some(_word(DIMENSIONS), least=1),
        "questions": _some(_form(reading.QUESTION.pattern)),
        "guardrails": _some(_form(reading.GUARDRAIL.pattern)),
        "needs": _some(_form(reading.ID.pattern)),
        "sources": _some({"type": "string"}),
        "review_by": _form(DAY.pattern),
    }
    return _group("An action of the library (actions/<id>.yaml)", fields, reading.NEEDED)


def _words() -> Schema:
    fields = {"action": _form(reading.ID.pattern), "version": _form(VERSION.pattern), **_texts(3)}
    return _group("The words of an action in another language (translations/<language>/<id>.yaml)", fields, fields)


def _guardrail() -> Schema:
    fields: dict[str, Schema] = {
        "guardrail": _form(catalogue.ID.pattern),
        "version": _form(VERSION.pattern),
        "from": _word(tuple(catalogue.LEVELS)),
        "functions": _some(_word(KNOWN_FUNCTIONS)),
        "flags": _some(_word(tuple(FLAGS))),
        "controls": _some(_word(CONTROLS)),
        **_rule_texts(2),
        "references": _some({"type": "string"}),
        "to_confirm": _some({"type": "string"}),
    }
    needed = [one for one in fields if one not in {"functions", "flags", "controls", "to_confirm"}]
    return _group("A guardrail of the library (guardrails/<id>.yaml)", fields, needed)


def _rule_words() -> Schema:
    fields = {"guardrail": _form(catalogue.ID.pattern), "version": _form(VERSION.pattern), **_rule_texts(3)}
    return _group("The words of a guardrail in another language (translations/<language>/guardrails/)", fields, fields)


def _rule_texts(halves: int) -> dict[str, Schema]:
    most = {"title": catalogue.TITLE, "rule": catalogue.RULE, "shown": catalogue.SHOWN}
    return {name: {"type": "string", "minLength": 1, "maxLength": long * halves // 2} for name, long in most.items()}


def _texts(halves: int) -> dict[str, Schema]:
    def line(most: int) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": most * halves // 2}

    def lines(most: int, some: tuple[int, int]) -> Schema:
        return {"type": "array", "items": line(most), "minItems": some[0], "maxItems": some[1]}

    return {
        "title": line(reading.TITLE),
        "why": line(reading.WHY),
        "steps": lines(reading.STEP, reading.STEPS),
        "evidence": lines(reading.EVIDENCE, reading.PIECES_OF_EVIDENCE),
        "risk": line(reading.RISK),
    }


def _word(known: tuple[str, ...]) -> Schema:
    return {"enum": list(known)}


def _form(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$".replace(r"\d", "[0-9]")}


def _some(one: Schema, *, least: int = 0) -> Schema:
    return {"type": "array", "items": one, "minItems": least, "uniqueItems": True}


def _group(title: str, fields: Mapping[str, Schema], needed: Iterable[str]) -> Schema:

    return {
        "title": title,
        "type": "object",
        "properties": fields,
        "required": list(needed),
        "additionalProperties": False,
    }
