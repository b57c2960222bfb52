"""What a form sent."""

from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

_OF_TEXTS = "application/x-www-form-urlencoded"


def sent_fields(request: HttpRequest) -> MultiValueDict[str, str]:
    """Return `request.POST`, or the same read from a form of texts at half the cost: Django writes each field twice.

    What cannot be read, or is too much, Django says.
    """
    if request.content_type != _OF_TEXTS or request.encoding:
        return request.POST
    try:
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=most)
    except ValueError:
        return request.POST
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return MultiValueDict(fields)
