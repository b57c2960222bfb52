"""A lead at the office: signed in without the form, which would only slow the measurement down."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from chotxanh.registers.staff.models import Member

BACKEND = "django.contrib.auth.backends.ModelBackend"


def office_cookie(username: str) -> dict[str, str]:
    """Open a session for a member of the demonstration; return the header that carries it."""
    member = Member.objects.get(username=username)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}
