"""Writes what other programs need to know of the kinds: JSON Schema with a golden entry, and TypeScript types."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from chotxanh.cli.golden import golden_entry, is_golden_of
from chotxanh.cli.paths import ROOT
from chotxanh.protocol.kinds import KindRow, Who, known_kinds, newest

FOLDER = ROOT / "contracts" / "kinds"
TYPES, PAYLOAD_TYPES = "web/shared/src/kinds.ts", "web/shared/src/payloads.ts"
Schema = dict[str, Any]


def file_of(row: KindRow) -> Path:
    """Return where a kind's schema and golden entry lie."""
    return FOLDER / f"{row.kind}.{row.version}.json"


def kind_page(row: KindRow) -> str:
    """Return a kind's file: what it is, who records it, its schemas, its golden entry (kept once it is written)."""
    content = {
        "kind": row.kind,
        "version": row.version,
        "about": row.about,
        "words": {"vi": row.words[0], "en": row.words[1]},
        "who": who_in_words(row.who),
        "facts": msgspec.json.schema(row.facts),
        "personal": msgspec.json.schema(row.personal) if row.personal else None,
        "golden": _golden_of(row),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def kind_pages() -> dict[str, Callable[[], str]]:
    """Return what makes each kind's file, by its name in the project."""
    return {
        file_of(row).relative_to(ROOT).as_posix(): lambda row=row: kind_page(row)  # type: ignore[misc]
        for row in known_kinds()
    }


def who_in_words(who: Who) -> str:
    """Say in English who may record a kind."""
    place = " at the office" if who.is_offices else ""
    words = sorted(role.value.replace("_", " ") + place for role in who.roles)
    words += ["any device"] if who.is_device else []
    words += ["a citizen"] if who.citizens_at else []
    words += [f"the {role.value}" for role in sorted(who.nodes)]
    return ", ".join(words)


def payload_types_page() -> str:
    """Return the TypeScript types of every payload."""
    payloads: dict[str, Schema] = {}
    for row in _newest_rows():
        for payload in filter(None, (row.facts, row.personal)):
            payloads |= msgspec.json.schema(payload)["$defs"]
    head = "/** The payloads of every kind of entry. Written by ./chotxanh document: do not edit. */\n"
    head += "/* eslint-disable max-lines -- nobody reads it from top to bottom */\n"
    names = sorted(payloads)
    short = "".join(_interface(name, payloads[name]) for name in names if _is_short(payloads[name]))
    long = [_interface(name, payloads[name]) for name in names if not _is_short(payloads[name])]
    return "\n".join([head, short, *long])


def types_page() -> str:
    """Return the TypeScript union of what can happen, and the versions that are written."""
    rows = _newest_rows()
    union = "\n".join(f"  | {_happening(row)}" for row in rows)
    versions = "\n".join(f'  "{row.kind}": {row.version},' for row in rows)
    return "\n".join(
        [
            "/** What can happen, by kind. Written by ./chotxanh document: do not edit. */",
            'import type * as payloads from "./payloads.ts";',
            "",
            f"export type Happening =\n{union};",
            "",
            "/** The newest version of each kind, which is what is written. */",
            f'export const VERSIONS: Record<Happening["kind"], number> = {{\n{versions}\n}};',
            "",
        ]
    )


def _newest_rows() -> list[KindRow]:
    return [row for row in known_kinds() if newest(row.kind) is row]


def _golden_of(row: KindRow) -> dict[str, Any]:
    file = file_of(row)
    if file.is_file():
        golden: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["golden"]
        if is_golden_of(golden, row):
            return golden
    return golden_entry(row)


def _happening(row: KindRow) -> str:
    facts = f"payloads.{row.facts.__name__}" if msgspec.structs.fields(row.facts) else "Record<string, never>"
    personal = f"; personal: payloads.{row.personal.__name__}" if row.personal else ""
    return f'{{ kind: "{row.kind}"; facts: {facts}{personal} }}'


def _is_short(schema: Schema) -> bool:
    """Whether its type is one line: codes, or nothing at all."""
    return "enum" in schema or not schema["properties"]


def _interface(name: str, schema: Schema) -> str:
    if "enum" in schema:
        return f"export type {name} = {_union(schema['enum'])};\n"
    if not schema["properties"]:
        return f"export type {name} = Record<string, never>;\n"
    return f"export interface {name} {{\n" + "\n".join(_members(schema)) + "\n}\n"


def _members(schema: Schema) -> Iterator[str]:
    required = set(schema["required"])
    for name, member in schema["properties"].items():
        mark = "" if name in required else "?"
        yield f"  {name}{mark}: {_type(member)};"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in schema:
        return " | ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return _union(schema["enum"])
    return _PLAIN[schema["type"]](schema)


def _union(values: list[Any]) -> str:
    return " | ".join(json.dumps(value, ensure_ascii=False) for value in values)


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type(each) for each in schema['prefixItems'])}]"
    inner = _type(schema["items"])
    return f"({inner})[]" if " | " in inner else f"{inner}[]"


_PLAIN: dict[str, Callable[[Schema], str]] = {
    "string": lambda _schema: "string",
    "integer": lambda _schema: "number",
    "number": lambda _schema: "number",
    "boolean": lambda _schema: "boolean",
    "null": lambda _schema: "null",
    "array": _array,
    "object": lambda schema: f"Record<string, {_type(schema['additionalProperties'])}>",
}
