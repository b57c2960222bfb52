"""The pages of a list by sheet: take the template, send the sheet, look it over, record the good rows, take the answer.

Nothing is recorded before it was looked over. What was sent waits sealed for an hour, for its sender alone.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.beside.access_log import note_looks
from chotxanh.beside.limits import LISTS
from chotxanh.beside.throttle import take
from chotxanh.domain.codes import group
from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.language.formats import show_number
from chotxanh.language.texts import problem_sentence, text
from chotxanh.pictures.drawing import qr_svg
from chotxanh.protocol.bodies import SHEET_MIB
from chotxanh.registers.staff.models import Member
from chotxanh.sheets.columns import Table, table_of
from chotxanh.sheets.taking import taken_in
from chotxanh.sheets.writing import MEDIA_TYPE
from chotxanh.site.office.door import by_a_press, for_members, leads, said, say_next, warn_next
from chotxanh.site.office.lists.books import answer_book, known_columns, own_sheets, template_book
from chotxanh.site.office.lists.declarations import DECLARATIONS
from chotxanh.site.office.lists.duties import DUTIES
from chotxanh.site.office.lists.kept import LookedOver, keep_new, keep_outcomes, kept_list
from chotxanh.site.office.lists.kinds import ListKind
from chotxanh.site.office.paging import page_of

KINDS = {each.name: each for each in (DECLARATIONS, DUTIES)}
LOOK = "declared_list"
SHOWN, PRINTED = 20, 60  # rows of each sort on the page; codes on one page to print

Arguments = ParamSpec("Arguments")
KindView = Callable[Concatenate[HttpRequest, Member, ListKind, Arguments], HttpResponse]
LookedView = Callable[[HttpRequest, Member, LookedOver, str], HttpResponse]


def _of_kind(view: KindView[Arguments]) -> Callable[..., HttpResponse]:
    """Give a view the kind of list that its address names. Raises Problem("not_allowed") for who works with none."""

    @wraps(view)
    def of_kind(
        request: HttpRequest, member: Member, /, name: str, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        kind = KINDS.get(name)
        if kind is None:
            raise Http404
        if not kind.may(member, timezone.now()):
            raise Problem("not_allowed")
        return view(request, member, kind, *args, **kwargs)

    return of_kind


def _of_list(view: LookedView) -> Callable[[HttpRequest, Member, ListKind, str], HttpResponse]:
    """Give a view the list that its address names; once its hour is over, lead to where one is sent in."""

    @wraps(view)
    def of_list(request: HttpRequest, member: Member, kind: ListKind, token: str) -> HttpResponse:
        looked = kept_list(kind, member, token, timezone.now())
        if looked is None:
            warn_next(request, "lists.over")
            return see_other("office_list", name=kind.name)
        return view(request, member, looked, token)

    return of_list


@require_safe
@for_members
def declare_list(_request: HttpRequest, _member: Member) -> HttpResponse:
    """Lead to the list of people who declare."""
    return see_other("office_list", name=DECLARATIONS.name)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
@_of_kind
def begin(request: HttpRequest, member: Member, kind: ListKind) -> HttpResponse:
    """Offer the template and ask for the sheet; lead from there to look it over. Raises Problem("not_allowed")."""
    if request.method != "POST":
        return _begin_page(request, member, kind)
    now = timezone.now()
    try:
        take(LISTS, str(member.id), now)
        token = keep_new(kind, _table_sent(request, kind, now), member, now)
    except Problem as mistake:
        return _begin_page(request, member, kind, mistake)
    return see_other("office_list_sent", name=kind.name, token=token)


@require_safe
@for_members
@_of_kind
def empty_sheet(_request: HttpRequest, _member: Member, kind: ListKind) -> HttpResponse:
    """Give the template. Raises Problem("not_allowed")."""
    return _workbook(template_book(kind, timezone.now()), text(kind.word("file")))


@require_safe
@for_members
@_of_kind
@_of_list
def look_over(request: HttpRequest, member: Member, looked: LookedOver, token: str) -> HttpResponse:
    """Show what a sheet says before anything is recorded of it, and afterwards what became of it."""
    due, recorded, to_mend = looked.due, looked.recorded, looked.to_mend
    shown = page_of(request, recorded)
    if looked.kind.has_codes:
        note_looks(member.id, {looked.given(row)[0] for row in shown.object_list}, LOOK, timezone.now())
    refused = [row for row in due if looked.problem(row)]
    context = {
        **_context(member, looked.kind, token),
        "said": said(request),
        "rows": len(looked.rows),
        "due": len(due),
        "done_before": looked.done_before,
        "to_mend": len(to_mend) + len(refused),
        "mistakes": [_line(row, row.mistakes) for row in to_mend[:SHOWN]]
        + [_line(row, (problem_sentence(looked.problem(row)),)) for row in refused[:SHOWN]],
        "left_out": max(0, len(to_mend) - SHOWN) + max(0, len(refused) - SHOWN),
        "warnings": [_line(row, row.warnings) for row in [*due, *recorded] if row.warnings][:SHOWN],
        "notes": _notes(looked.kept.table),
        "recorded": len(recorded),
        "shown": shown,
        "given": looked.kind.given(),
        "lines": [(row.number, row.title, _given(looked, row)) for row in shown.object_list],
    }
    return render(request, "office/list_sent.html", context)


@by_a_press("office_list_sent", "name", "token")
@for_members
@_of_kind
@_of_list
def record(request: HttpRequest, member: Member, looked: LookedOver, token: str) -> HttpResponse:
    """Record the good rows, each or its problem; lead to what became of them. Raises Problem("not_allowed")."""
    kind, now, due = looked.kind, timezone.now(), looked.due
    outcomes = kind.record(due, member, looked.kept.at, now)
    by_row = {row.number: outcome for row, outcome in zip(due, outcomes, strict=True)}
    keep_outcomes(looked.kept, by_row, member, token, now)
    count = sum(not outcome.problem for outcome in outcomes)
    say_next(request, kind.word("done"), count=show_number(count))
    return see_other("office_list_sent", name=kind.name, token=token)


@require_safe
@for_members
@_of_kind
@_of_list
def answered_sheet(_request: HttpRequest, member: Member, looked: LookedOver, _token: str) -> HttpResponse:
    """Give the sheet back with what became of each row, to be mended and sent again."""
    now = timezone.now()
    if looked.kind.has_codes:
        note_looks(member.id, {looked.given(row)[0] for row in looked.recorded}, LOOK, now)
    return _workbook(answer_book(looked, now), text("lists.answer_file"))


@require_safe
@for_members
@_of_kind
@_of_list
def print_codes(request: HttpRequest, member: Member, looked: LookedOver, token: str) -> HttpResponse:
    """Show the codes of who was recorded, each with its picture, on sheets of A4. Raises Problem("not_allowed")."""
    if not looked.kind.has_codes:
        raise Http404
    shown = page_of(request, looked.recorded, size=PRINTED)
    codes = [(row.title, looked.given(row)[0]) for row in shown.object_list]
    note_looks(member.id, {code for _, code in codes}, LOOK, timezone.now())
    cards = [
        (title, group(code), mark_safe(qr_svg(code, label=text("lists.code_of", name=title))))  # noqa: S308
        for title, code in codes
    ]
    context = {**_context(member, looked.kind, token), "cards": cards, "shown": shown}
    return render(request, "office/list_codes.html", context)


def _begin_page(
    request: HttpRequest, member: Member, kind: ListKind, mistake: Problem | None = None
) -> HttpResponse:
    context = {
        **_context(member, kind),
        "said": said(request),
        "mistake": problem_sentence(mistake.code, **mistake.params) if mistake else "",
        "most_rows": show_number(kind.most_rows),
        "megabytes": SHEET_MIB,
    }
    return render(request, "office/list.html", context, status=mistake.status if mistake else HTTPStatus.OK)


def _context(member: Member, kind: ListKind, token: str = "") -> dict[str, object]:
    return {
        "page": f"list_{kind.name}",
        "member": member,
        "is_lead": leads(member),
        "kind": kind,
        "token": token,
        **{part: kind.word(part) for part in ("title", "lead", "record", "count_due", "count_recorded")},
    }


def _table_sent(request: HttpRequest, kind: ListKind, now: datetime) -> Table:
    """Return the rows of the sheet that was sent. Raises Problem: what `taken_in` and `table_of` raise."""
    sheet = request.FILES.get("sheet")
    if sheet is None or not sheet.size:
        raise Problem("sheet_missing")
    table = table_of(taken_in(sheet, settings.HOME), known_columns(kind, now))
    if len(table.rows) > kind.most_rows:
        raise Problem("sheet_too_many_rows", most=kind.most_rows)
    return table


def _line(row: object, sentences: tuple[str, ...]) -> dict[str, object]:
    return {"row": row, "sentences": sentences}


def _given(looked: LookedOver, row: object) -> list[str]:
    given = looked.given(row)  # type: ignore[arg-type]
    return [group(given[0]), *given[1:]] if looked.kind.has_codes else given


def _notes(table: Table) -> list[str]:
    """Say what is no mistake and should be known: what was not read, and what was although it is hidden."""
    notes, said_notes = table.notes, []
    if table.unknown:
        said_notes.append(
            text("lists.note_unknown", headings=", ".join(f"“{each}”" for each in table.unknown))
        )
    if left_out := [each for each in notes.sheets_left_out if each not in own_sheets()]:
        said_notes.append(text("lists.note_sheets", sheets=", ".join(f"“{each}”" for each in left_out)))
    if notes.hidden_rows:
        rows = ", ".join(map(str, notes.hidden_rows[:SHOWN])) + (
            " …" if len(notes.hidden_rows) > SHOWN else ""
        )
        said_notes.append(text("lists.note_hidden_rows", rows=rows))
    if notes.hidden_columns:
        said_notes.append(text("lists.note_hidden_columns", columns=", ".join(notes.hidden_columns)))
    if notes.has_merged_cells:
        said_notes.append(text("lists.note_merged"))
    return said_notes


def _workbook(content: bytes, name: str) -> HttpResponse:
    """Give a workbook to be saved; what it is called says nothing of anybody."""
    return HttpResponse(
        content,
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )
