"""A button that is pressed twice in a moment is pressed once: the second answer is the first one's (finding G8).

A browser shows the answer to the last press alone, which found everything done already and said so like a fault.
"""

import hashlib
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from chotxanh.domain.clocks import unix_ms
from chotxanh.forms.redirects import SeeOther

PRESSED = "pressed"  # where a session keeps its last press: what was sent, where it led, and when (Unix ms)
ONE_MOMENT = timedelta(seconds=3)


def pressed_again(request: HttpRequest, now: datetime) -> HttpResponse | None:
    """Lead where the same press led a moment before (UTC `now`); None where this is another one."""
    sent, led_to, at_ms = request.session.get(PRESSED, ("", "", 0))
    is_again = sent == _sent(request) and 0 <= unix_ms(now) - at_ms <= ONE_MOMENT / timedelta(milliseconds=1)
    return SeeOther(led_to) if is_again else None


def note_pressed(request: HttpRequest, response: HttpResponse, now: datetime) -> None:
    """Keep where a press led that did something; what only showed a page may be asked for again."""
    led_to = response.headers.get("Location")
    if led_to is not None:
        request.session[PRESSED] = (_sent(request), led_to, unix_ms(now))


def _sent(request: HttpRequest) -> str:
    fields = sorted((name, request.POST.getlist(name)) for name in request.POST)
    # Another file, sent with the same button, is another press.
    files = (each for each in request.FILES.values() if isinstance(each, UploadedFile))
    fields += sorted(("", [str(each.name), str(each.size)]) for each in files)
    return hashlib.sha256(repr((request.get_full_path(), fields)).encode()).hexdigest()
