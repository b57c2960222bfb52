"""What was asked or found, and which tests prove it: every row of `docs/requirements.md` names tests, or "not yet"."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import tree

PAGE = Path("docs/requirements.md")
FINDINGS = [
    *(f"A{number}" for number in range(1, 9)),
    *(f"B{number}" for number in range(1, 13)),
    *(f"C{number}" for number in range(1, 9)),
    *(f"D{number}" for number in range(1, 8)),
    *(f"E{number}" for number in range(1, 13)),
    *(f"F{number}" for number in range(1, 8)),
    *(f"G{number}" for number in range(1, 9)),
    *("H1", "H2", "H3", "H6", "H7", "H10", "H16", "H17", "H22"),
]
IDS = [*(f"S{number}" for number in range(1, 40)), *FINDINGS]
COLUMNS = 4
SPAN = re.compile(r"`([^`]*)`")
PYTHON = re.compile(r"(\S*\btest_\w+\.py)::(test_\w+)")
TYPESCRIPT = re.compile(r'(\S+\.test\.ts): "([^"]+)"')
NOTHING_PROVEN, PART_PROVEN = "not yet", re.compile(r"not yet: \S.*")

# The text of a file by its path, or None where there is none.
Source = Callable[[Path], str | None]


@dataclass(frozen=True)
class Row:
    """One thing that was asked or found: its id, and what stands in the last column."""

    id: str
    proof: str

    @property
    def names(self) -> list[str]:
        """The tests it names, as written."""
        return SPAN.findall(self.proof)

    @property
    def words(self) -> str:
        """What the last column says beside the names of tests."""
        return SPAN.sub("", self.proof).strip(" ,;")


def rows_of(page: str) -> Iterator[Row | str]:
    """The rows of a page; a line that begins like one and is none comes as it is."""
    for line in page.splitlines():
        if re.match(r"\|\s*[A-HS]\d", line):
            columns = [column.strip() for column in line.strip().strip("|").split("|")]
            yield Row(columns[0], columns[-1]) if len(columns) == COLUMNS and all(columns) else line


def wrong_ids(page: str) -> list[str]:
    """What is missing, unknown or there more than once."""
    found = Counter(row.id if isinstance(row, Row) else row for row in rows_of(page))
    wanted = dict.fromkeys(IDS, 1)
    return [f"{id}: {found[id]} rows" for id in wanted | found if found[id] != wanted.get(id, 0)]


def faults_in(page: str, source: Source) -> list[str]:
    """Every proof that proves nothing, each with its row: all of them, so that one run shows what to mend."""
    rows = [row for row in rows_of(page) if isinstance(row, Row)]
    missing = [f"{row.id}: {name}" for row in rows for name in row.names if not is_test(name, source)]
    return missing + [f"{row.id}: says {row.words!r}" for row in rows if not is_plain(row)]


def is_plain(row: Row) -> bool:
    """Whether a row names tests, says "not yet", or names tests and then says what is not yet proven."""
    if row.names:
        return not row.words or PART_PROVEN.fullmatch(row.words) is not None
    return row.words == NOTHING_PROVEN


def is_test(name: str, source: Source) -> bool:
    """Whether there is such a test: a function of a Python file, or a title as it stands in a TypeScript file."""
    if found := PYTHON.fullmatch(name):
        return found[2] in python_tests(source(Path(found[1])) or "")
    if found := TYPESCRIPT.fullmatch(name):
        return re.search(rf'\(\s*"{re.escape(found[2])}",', source(Path(found[1])) or "") is not None
    return False


def python_tests(text: str) -> set[str]:
    """The names of the test functions of a Python file."""
    nodes = ast.walk(ast.parse(text))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def kept(file: Path) -> str | None:
    """The text of one of our own files."""
    return tree.text_of(file) if file in tree.files() else None


def test_everything_asked_has_one_row() -> None:
    assert wrong_ids(tree.text_of(PAGE)) == []


def test_every_row_names_tests_that_exist_or_says_not_yet() -> None:
    faults = faults_in(tree.text_of(PAGE), kept)
    assert faults == [], "\n".join([f"{PAGE} names what is not there:", *faults])


def test_every_finding_has_a_test_that_bears_its_name() -> None:
    rows = [row for row in rows_of(tree.text_of(PAGE)) if isinstance(row, Row) and row.id in FINDINGS]
    named = re.compile(r"(?:::test_|: \")(\w\d+)[_:]")
    proven = [row for row in rows if row.proof != NOTHING_PROVEN]
    without = [row.id for row in proven if row.id.lower() not in named.findall(row.proof)]
    assert without == []


INVENTED = {
    Path("tests/test_gate.py"): "def test_a_gate_opens():\n    pass\n\n\ndef latch():\n    pass\n",
    Path("web/gate.test.ts"): 'test("a gate opens", () => {});\ntest.each([1])(\n  "a gate of %i bars",\n);',
}


@pytest.mark.parametrize(
    "proof",
    [
        "not yet",
        "`tests/test_gate.py::test_a_gate_opens`",
        '`web/gate.test.ts: "a gate opens"`, `web/gate.test.ts: "a gate of %i bars"`',
        "`tests/test_gate.py::test_a_gate_opens`; not yet: that it shuts",
    ],
)
def test_what_exists_or_is_plainly_not_yet_is_taken(proof: str) -> None:
    assert faults_in(f"| S1 | a gate | A | {proof} |", INVENTED.get) == []


@pytest.mark.parametrize(
    ("proof", "fault"),
    [
        ("`tests/test_gate.py::test_a_gate_opened`", "tests/test_gate.py::test_a_gate_opened"),
        ("`tests/test_door.py::test_a_gate_opens`", "tests/test_door.py::test_a_gate_opens"),
        ("`tests/test_gate.py::latch`", "tests/test_gate.py::latch"),
        ("`tests/test_gate.py`", "tests/test_gate.py"),
        ('`web/gate.test.ts: "a gate open"`', 'web/gate.test.ts: "a gate open"'),
        ('`web/door.test.ts: "a gate opens"`', 'web/door.test.ts: "a gate opens"'),
        ("by looking", "says 'by looking'"),
        ("not yet: that it shuts", "says 'not yet: that it shuts'"),
        ("`tests/test_gate.py::test_a_gate_opens` and by looking", "says 'and by looking'"),
        ("`tests/test_gate.py::test_a_gate_opens`; not yet", "says 'not yet'"),
    ],
)
def test_what_proves_nothing_is_named_with_its_row(proof: str, fault: str) -> None:
    assert faults_in(f"| S7 | a gate | A | {proof} |", INVENTED.get) == [f"S7: {fault}"]


def test_a_row_that_is_missing_doubled_unknown_or_broken_is_named() -> None:
    whole = "\n".join(f"| {id} | a gate | A | not yet |" for id in IDS)
    assert wrong_ids(whole) == []
    assert wrong_ids(whole.replace("| S3 |", "| S4 |")) == ["S3: 0 rows", "S4: 2 rows"]
    broken = "| S40 | a gate | A | not yet |\n| S41 | a gate | not yet |"
    assert wrong_ids(f"{whole}\n{broken}") == ["S40: 1 rows", "| S41 | a gate | not yet |: 1 rows"]
