"""A paper as the answer to a request: saved under a plain name, and kept nowhere on its way."""

from django.http import HttpResponse


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    """Answer with a PDF that a browser saves as `name`.pdf: `name` is of a-z, digits and hyphens."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
