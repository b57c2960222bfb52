"""Documents that cannot rot: what the product has is described, and what is described exists."""

import ast
import importlib
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.catalogue import BENCHMARKS
from chotxanh.cli import __main__ as command_line
from chotxanh.cli import documents
from chotxanh.cli.commands.up import OF_THE_PROVINCE
from chotxanh.domain.problems import STATUSES, Problem
from tests import tree

TEXTS = Path("contracts/texts")
LANGUAGES = {"vi", "en"}
PLACEHOLDER = re.compile(r"{(\w*)")
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE_SPAN = re.compile(r"`([^`\n]+)`")
SETTING = re.compile(r"CHOTXANH_[A-Z_]+")
MADE_LATER = ("var/", "web/dist", "web/node_modules", ".venv")


def markdown() -> list[Path]:
    return list(tree.with_suffix(".md"))


def top_level() -> set[str]:
    return {file.parts[0] for file in tree.files() if len(file.parts) > 1}


def named_paths(document: Path) -> Iterator[Path]:
    """The paths a document names: links beside it, and code spans that begin with one of our folders."""
    text = tree.text_of(document)
    for target in LINK.findall(text):
        if not re.match(r"[a-z]+:", target):
            yield (tree.ROOT / document.parent / target).resolve()
    for span in CODE_SPAN.findall(text):
        first, slash, _ = span.partition("/")
        if slash and first in top_level() and not re.search(r"[\s<>{}*$]", span):
            yield tree.ROOT / span.split(":")[0]


def catalogue_files() -> list[Path]:
    return [file for file in tree.with_suffix(".json") if file.is_relative_to(TEXTS)]


def texts() -> dict[str, dict[str, str]]:
    return {key: text for file in catalogue_files() for key, text in json.loads(tree.text_of(file)).items()}


def problem_sentences() -> dict[str, dict[str, str]]:
    found = {key: text for key, text in texts().items() if key.startswith("problem.")}
    return {key.removeprefix("problem."): text for key, text in found.items()}


def raised_problems() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a problem is raised or answered: place, pattern of its code, parameters (None where unknown)."""
    for file in tree.product_modules():
        for call in ast.walk(tree.module_of(file)):
            if isinstance(call, ast.Call):
                for code, params in problems_in(call):
                    yield f"{file.as_posix()}:{call.lineno}", code, params


def problems_in(call: ast.Call) -> Iterator[tuple[str, set[str] | None]]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if name == Problem.__name__ and call.args:
        params = None if None in keywords else {arg for arg in keywords if arg}
        if pattern := pattern_of(call.args[0]):
            yield pattern, params
    answered = call.args[1] if name == "Judgement" and len(call.args) > 1 else keywords.get("problem")
    if answered is not None and (pattern := pattern_of(answered)):
        yield pattern, None


def pattern_of(value: ast.expr) -> str | None:
    """A regular expression for the codes an expression can be: a string, or one with parts to fill in."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return re.escape(value.value) if value.value else None
    if isinstance(value, ast.JoinedStr):
        parts = value.values
        return "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in parts)
    return None


def test_every_path_named_in_a_document_exists() -> None:
    missing = [
        f"{document}: {path.relative_to(tree.ROOT)}"
        for document in markdown()
        for path in named_paths(document)
        if not path.exists() and not path.relative_to(tree.ROOT).as_posix().startswith(MADE_LATER)
    ]
    assert missing == []


def test_every_setting_is_described_and_every_described_one_is_read() -> None:
    sources = [Path("chotxanh"), Path("conftest.py"), *tree.product_modules()]
    read = {name for file in sources for name in SETTING.findall(tree.text_of(file))}
    described = set(SETTING.findall(tree.text_of(Path("docs/settings.md"))))
    assert described == read


@pytest.mark.parametrize("name", command_line.names())
def test_every_command_and_option_is_described(name: str) -> None:
    page = tree.text_of(Path("docs/commands.md"))
    assert f"## `./chotxanh {name}" in page
    section = page.split(f"## `./chotxanh {name}")[1].split("\n## ")[0]
    module = importlib.import_module(f"chotxanh.cli.commands.{name}")
    assert command_line.summary(module).endswith(".")
    parser = module.parser() if hasattr(module, "parser") else None
    options = [option for action in parser._actions for option in action.option_strings] if parser else []
    assert [option for option in options if option not in section and option not in ("-h", "--help")] == []


def test_every_management_command_of_ours_is_described() -> None:
    """`manage erase` and `manage keys` stood nowhere; those that a command of its own runs are described there."""
    page, of_their_own = tree.text_of(Path("docs/commands.md")), {*command_line.names(), "deployment"}
    ours = {file.stem for file in tree.with_suffix(".py") if file.parts[-3:-1] == ("management", "commands")}
    assert "erase" in ours
    missing = {name for name in ours - of_their_own - {"__init__"} if f"| `manage {name}" not in page}
    assert missing == set()


def test_the_setup_guide_names_all_that_a_real_province_must_set() -> None:
    guide = tree.text_of(Path("docs/guides/thiet-lap-tinh.md"))
    for name in (
        *OF_THE_PROVINCE,
        "CHOTXANH_HTTPS",
        "CHOTXANH_HOSTS",
        "CHOTXANH_ORIGINS",
        "deploy/nginx.conf",
    ):
        assert name in guide, name


def test_every_described_command_exists() -> None:
    described = re.findall(r"^## `\./chotxanh ([\w-]+)", tree.text_of(Path("docs/commands.md")), re.MULTILINE)
    assert described == sorted(command_line.names())


def test_every_benchmark_is_described() -> None:
    page = tree.text_of(Path("docs/commands.md"))
    assert [name for name in BENCHMARKS if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize("name", sorted(documents.pages()))
def test_generated_pages_are_up_to_date(name: str) -> None:
    written = tree.ROOT / name
    assert written.is_file() and written.read_text(encoding="utf-8") == documents.pages()[name](), (
        "run ./chotxanh document"
    )


def test_no_limit_is_whole_again_at_once() -> None:
    """Of one that is whole after 20 seconds it said 0 minutes."""
    spans = re.findall(r"^\| `\w+` \| [\d,]+ \| ([^|]+) \|", documents.limits_page(), re.MULTILINE)
    assert "20 s" in spans
    assert not [span for span in spans if span.startswith("0 ")]


def test_no_kind_that_is_gone_left_its_file_behind() -> None:
    written = {
        file.relative_to(tree.ROOT).as_posix() for file in (tree.ROOT / "contracts/kinds").glob("*.json")
    }
    assert written == {name for name in documents.pages() if name.startswith("contracts/kinds/")}


def test_every_address_says_what_it_does() -> None:
    assert [address for address, route in documents.addresses().items() if not route.words] == []


def test_every_raised_problem_has_a_sentence_and_its_parameters() -> None:
    wrong = []
    for place, pattern, params in raised_problems():
        sentences = {code: text for code, text in problem_sentences().items() if re.fullmatch(pattern, code)}
        if not sentences:
            wrong.append(f"{place}: no sentence for {pattern}")
        for code, text in sentences.items():
            wanted = set(PLACEHOLDER.findall(text["vi"]))
            if params is not None and r"\w+" not in pattern and not wanted <= params:
                wrong.append(f"{place}: {code} wants {sorted(wanted - params)}")
    assert wrong == []


def test_every_raised_problem_has_its_status_in_the_one_table() -> None:
    without = [
        f"{place}: {pattern}"
        for place, pattern, _ in raised_problems()
        if not any(re.fullmatch(pattern, code) for code in STATUSES)
    ]
    assert without == []


def test_every_problem_of_the_table_has_a_sentence() -> None:
    assert set(STATUSES) | {"unknown"} == set(problem_sentences())


def test_every_problem_of_the_table_is_raised() -> None:
    patterns = {pattern for _, pattern, _ in raised_problems()}
    everything = "\n".join(tree.text_of(file) for file in tree.product_modules())
    unused = [
        code
        for code in STATUSES
        if not any(re.fullmatch(pattern, code) for pattern in patterns) and f'"{code}"' not in everything
    ]
    assert unused == []


@pytest.mark.parametrize("file", catalogue_files(), ids=lambda file: file.stem)
def test_every_text_is_whole_in_both_languages(file: Path) -> None:
    wrong = []
    for key, text in json.loads(tree.text_of(file)).items():
        fields = {tuple(sorted(set(PLACEHOLDER.findall(words)))) for words in text.values()}
        is_whole = set(text) == LANGUAGES and all(words.strip() for words in text.values())
        if not is_whole or len(fields) != 1 or not all(map(_is_composed, text.values())):
            wrong.append(key)
    assert wrong == []


def test_no_text_stands_twice() -> None:
    keys = [key for file in catalogue_files() for key in json.loads(tree.text_of(file))]
    assert sorted(keys) == sorted(texts())


def test_both_readmes_have_the_same_shape() -> None:
    shapes = [
        HEADING.findall(FENCE.sub("", tree.text_of(Path(name)))) for name in ("README.md", "README.vi.md")
    ]
    assert shapes[0] == shapes[1]


def test_every_decision_fits_on_one_page() -> None:
    decisions = [file for file in markdown() if file.parts[:2] == ("docs", "adr")]
    assert [file.as_posix() for file in decisions if tree.text_of(file).count("\n") > 40] == []


def _is_composed(words: str) -> bool:
    return unicodedata.is_normalized("NFC", words)
