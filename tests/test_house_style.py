"""Holds the tail of the house style: beauty is lost in the longest file, not in the median one."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from tests import tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MADE_BY_TOOLS = {"package-lock.json"}
GENERATED = {
    Path("web/shared/src/payloads.ts")
}  # as long as there are kinds: nobody reads it from top to bottom
LOCKS_OF_PYTHON = re.compile(r"requirements(-\w+)?\.txt")
CODE_SUFFIXES = (".py", ".ts", ".js", ".svelte", ".css", ".html", ".sql")
BINARY_SUFFIXES = {".png", ".jpg", ".woff2", ".ttf", ".ico", ".wasm", ".gz", ".webp", ".pdf", ".y4m"}
BANNED_STEMS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "services",
    "service",
    "misc",
    "manager",
    "managers",
}
BANNED_NAMES = re.compile(r"^(do|handle|process)_[a-z]|[a-z](Manager|Service|Helper|Utils)$")
NAMES_OF_DJANGO = {"process_view", "process_exception", "process_response", "process_template_response"}
AUTOMATIC_MIGRATION = re.compile(r"_auto_|_merge_")
MACHINE_PATHS = re.compile(r"(?<![\w.~/-])/(?:home|Users|root|work)/\w")

# What is over the limit today, with its size. Entries only shrink or go: none is added, none grows.
ALLOWED_LONG_FILES: dict[str, int] = {}
ALLOWED_LONG_FUNCTIONS: dict[str, int] = {}


def code_files() -> list[Path]:
    return [file for file in tree.with_suffix(*CODE_SUFFIXES) if "migrations" not in file.parts]


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def definitions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return (node for node in ast.walk(module) if isinstance(node, kinds))


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def launcher_and_python() -> list[Path]:
    return [Path("chotxanh"), *tree.with_suffix(".py")]


def long_files() -> dict[str, int]:
    files = [file for file in [Path("chotxanh"), *code_files()] if file not in GENERATED]
    sizes = {file.as_posix(): tree.text_of(file).count("\n") for file in files}
    return {name: size for name, size in sizes.items() if size >= LONGEST_FILE}


def long_functions() -> dict[str, int]:
    found = {}
    for file in launcher_and_python():
        if "migrations" not in file.parts:
            for function in functions(tree.module_of(file)):
                if length_of(function) >= LONGEST_FUNCTION:
                    found[f"{file.as_posix()}:{function.name}"] = length_of(function)
    return found


def test_no_file_reaches_400_lines() -> None:
    assert long_files() == ALLOWED_LONG_FILES


def test_no_function_reaches_50_lines() -> None:
    assert long_functions() == ALLOWED_LONG_FUNCTIONS


def test_every_text_file_is_utf8_in_composed_letters_with_unix_line_ends() -> None:
    wrong = []
    for file in tree.files():
        if file.suffix in BINARY_SUFFIXES:
            continue
        text = tree.text_of(file)
        if "\r" in text or (file.suffix in CODE_SUFFIXES and not unicodedata.is_normalized("NFC", text)):
            wrong.append(file.as_posix())
    assert wrong == [], "carriage returns, or decomposed letters that should be written as escapes"


def test_every_module_says_its_role() -> None:
    without = [
        file.as_posix()
        for file in launcher_and_python()
        if tree.text_of(file).strip()
        and "migrations" not in file.parts
        and not ast.get_docstring(tree.module_of(file))
    ]
    assert without == []


def test_every_public_function_of_the_product_says_what_it_does() -> None:
    without = [
        f"{file.as_posix()}:{node.lineno} {node.name}"
        for file in tree.product_modules()
        if "migrations" not in file.parts
        for node in tree.module_of(file).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert without == []


def test_file_names_say_what_is_inside() -> None:
    banned = [file.as_posix() for file in code_files() if file.stem.split(".")[0].lower() in BANNED_STEMS]
    assert banned == []


def test_names_are_verbs_of_the_business() -> None:
    banned = [
        f"{file.as_posix()}:{node.lineno} {node.name}"
        for file in launcher_and_python()
        for node in definitions(tree.module_of(file))
        if BANNED_NAMES.search(node.name) and node.name not in NAMES_OF_DJANGO
    ]
    assert banned == []


def test_nothing_is_imported_by_star() -> None:
    stars = [
        f"{file.as_posix()}:{node.lineno}"
        for file in launcher_and_python()
        for node in ast.walk(tree.module_of(file))
        if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names)
    ]
    assert stars == []


def test_nothing_is_imported_late() -> None:
    late = [
        f"{file.as_posix()}:{node.lineno}"
        for file in launcher_and_python()
        for function in functions(tree.module_of(file))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []


def test_migrations_are_named_by_their_effect() -> None:
    migrations = [file for file in tree.with_suffix(".py") if "migrations" in file.parts]
    assert [file.as_posix() for file in migrations if AUTOMATIC_MIGRATION.search(file.stem)] == []


# A session engine's `save` is Django's only way to write one: no model is written behind one's back.
SESSION_ENGINE = Path("src/chotxanh/beside/office_sessions.py")


def test_no_signal_and_no_overridden_save_writes_behind_ones_back() -> None:
    hidden = [
        file.as_posix()
        for file in tree.product_modules()
        if file != SESSION_ENGINE
        and re.search(r"\b(?:pre|post)_(?:save|delete)\b|^    def save\(", tree.text_of(file), re.MULTILINE)
    ]
    assert hidden == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{file.as_posix()}: {match.group()}"
        for file in tree.files()
        if file.suffix not in BINARY_SUFFIXES
        for match in MACHINE_PATHS.finditer(tree.text_of(file))
    ]
    assert found == []


def test_the_front_ends_lock_names_no_registry() -> None:
    locks = [file for file in tree.files() if file.name in MADE_BY_TOOLS]
    assert [file.as_posix() for file in locks if '"resolved"' in tree.text_of(file)] == []


def test_no_lock_holds_an_address() -> None:
    locks = [
        file for file in tree.files() if file.name in MADE_BY_TOOLS or LOCKS_OF_PYTHON.fullmatch(file.name)
    ]
    assert len(locks) >= 4, "a lock that is not found is not checked"
    assert [file.as_posix() for file in locks if re.search(r"https?://", tree.text_of(file))] == []


def test_a_todo_has_an_issue_number() -> None:
    bare = [
        f"{file.as_posix()}: {line.strip()}"
        for file in code_files()
        for line in tree.text_of(file).splitlines()
        if re.search(r"\b(?:TODO|FIXME|XXX)\b", line) and not re.search(r"#\d+|re\.search", line)
    ]
    assert bare == []
