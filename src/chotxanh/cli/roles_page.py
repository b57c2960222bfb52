"""Writes who may do what: the works of each role, and the roles that may record each kind of entry."""

from chotxanh.domain.kinds import Role
from chotxanh.domain.works import WORKS, Work
from chotxanh.language.texts import catalogue
from chotxanh.protocol.cards import PersonCard
from chotxanh.protocol.kinds import KindRow, known_kinds, newest
from chotxanh.protocol.sights import SEES

YES = "✓"


def roles_page(header: str) -> str:
    """Return `docs/roles.md`, from the tables that judge: `domain/works.py` and each kind's `Who`."""
    lines = [
        "# Roles",
        "",
        header,
        "A grant gives one member one role at a place for a time; somebody may hold several. What each does at a post",
        "is in `src/chotxanh/domain/works.py`; who may record a kind is its row's `Who`. A deed by a role that is not",
        "named here is held (`actor_not_allowed`), and counts once a grant covers it.",
        "",
        "## The work of a post",
        "",
        _head("role", "in words", *(work.value for work in Work)),
        *(_works_of(role) for role in Role),
        "",
        "## What a work sees of a person",
        "",
        "Everybody sees the code that they scanned. `light` says of papers until when, none, or wait; whoever sees",
        "everything needs none. What is not ticked is neither on the screen nor in what the server answers by code.",
        "",
        _head("field", *(work.value for work in Work)),
        *(_seen(field) for field in (*PersonCard.__struct_fields__, "light") if field != "person_code"),
        "",
        "## Who may record a kind",
        "",
        "What leads, physicians or the data protection officer alone record is decided at the office, and never",
        "counts from a station. `contracts/kinds` says where a citizen, a device or the province records a kind too.",
        "",
        _head("kind", *(role.value for role in Role)),
        *(_row(newest(kind)) for kind in sorted({row.kind for row in known_kinds() if row.who.roles})),
    ]
    return "\n".join([*lines, ""])


def _head(*columns: str) -> str:
    return f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"


def _works_of(role: Role) -> str:
    words = catalogue()[f"registers.role.{role.value}"]
    ticks = (YES if work in WORKS[role] else "" for work in Work)
    return f"| `{role.value}` | {words['vi']} / {words['en']} | {' | '.join(ticks)} |"


def _seen(field: str) -> str:
    return f"| `{field}` | {' | '.join(YES if field in SEES[work] else '' for work in Work)} |"


def _row(row: KindRow) -> str:
    ticks = (YES if role in row.who.roles else "" for role in Role)
    return f"| `{row.kind}` | {' | '.join(ticks)} |"
