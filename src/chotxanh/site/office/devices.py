"""Devices of the places somebody leads: a code for a new one; revoking a lost one, after a second look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.domain.codes import group
from chotxanh.domain.kinds import LEADS, NodeRole
from chotxanh.forms.choices import Choice, Select
from chotxanh.forms.fields import Text
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option
from chotxanh.forms.redirects import see_other
from chotxanh.language.texts import text
from chotxanh.ledger.enrolling import revoke_device
from chotxanh.protocol.places import Place
from chotxanh.registers.devices.enrolment import WHOLE_PROVINCE, new_enrolment_code
from chotxanh.registers.devices.entries import NAME_LENGTH, RevokedFor
from chotxanh.registers.devices.models import Device
from chotxanh.registers.posts.sites import site_names, sites_open_to
from chotxanh.registers.staff.grants import grants_for
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.device_lines import device_lines
from chotxanh.site.office.door import for_leads, led_by, said, say_next
from chotxanh.site.office.paging import page_of
from chotxanh.site.office.shown_codes import show_code, shown_code


@dataclass(frozen=True)
class _LedPlace:
    """A place where a lead may enrol devices, and what people call it."""

    place: Place
    name: str


class DeviceForm(Form):
    """The name of a device that is to be enrolled, and where it will belong."""

    texts = "office"

    device_name = Text(longest=NAME_LENGTH, size="medium", missing="device_name_missing")
    device_place = Select(options=(), choose="registers.choose")


class RevokeForm(Form):
    """Why a device is revoked."""

    texts = "office"

    revoked_for = Choice(options=[each.value for each in RevokedFor], missing="choice_missing")


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def devices(request: HttpRequest, member: Member) -> HttpResponse:
    """List devices; give a code for a new one, shown to this session alone and for a while."""
    led, now = led_by(member), timezone.now()
    places = _places(member, led, now)
    form = _form(request, places)
    if form.is_valid():
        name, place = form.cleaned_data["device_name"], places[form.cleaned_data["device_place"]].place
        show_code(request, name, group(new_enrolment_code(member, name, now, place)), now)
        return see_other("office_devices")
    in_use_first = (F("revoked_at").asc(nulls_first=True), "name", "id")
    listed = page_of(request, _stations(led).order_by(*in_use_first))
    lines, names = device_lines([device.id for device in listed]), site_names()
    context = {
        "page": "devices",
        "member": member,
        "said": said(request),
        "listed": listed,
        "devices": [(device, lines[device.id], _place_name(device, names)) for device in listed],
        "shown": shown_code(request, now),
        "form": form if places else None,
    }
    return render(request, "office/devices.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def revoke(request: HttpRequest, member: Member, device: UUID) -> HttpResponse:
    """Ask once more and why, then revoke: it cannot be undone."""
    found = _stations(led_by(member)).filter(id=device, revoked_at=None).first()
    if found is None:
        raise Http404
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        revoke_device(found, member, timezone.now(), RevokedFor(form.cleaned_data["revoked_for"]))
        say_next(request, "office.revoked")
        return see_other("office_devices")
    context = {"page": "devices", "member": member, "device": found, "form": form}
    return render(request, "office/revoke.html", context, status=form.status)


def _stations(led: Led) -> "QuerySet[Device]":
    return led.within(Device.objects.filter(role=NodeRole.STATION))


def _form(request: HttpRequest, places: Mapping[str, _LedPlace]) -> DeviceForm:
    """The form with these places to choose from; where there is but one, it is chosen."""
    initial = {"device_place": next(iter(places))} if len(places) == 1 else {}
    form = DeviceForm(request.POST if request.method == "POST" else None, initial=initial)
    form.offer("device_place", lambda: [Option(key, led.name) for key, led in places.items()])
    return form


def _places(member: Member, led: Led, now: datetime) -> dict[str, _LedPlace]:
    """Return where devices may belong of which this lead decides, by the value that the form sends."""
    places = {"province": _LedPlace(WHOLE_PROVINCE, text("registers.whole_province"))}
    for site in sites_open_to(grants_for(member, LEADS), now):
        places[f"site:{site.code}"] = _LedPlace(Place(site.facility, site.code), site.name)
    return {key: each for key, each in places.items() if led.covers(each.place)}


def _place_name(device: Device, names: Mapping[str, str]) -> str:
    return names.get(device.site, device.site) or text("registers.whole_province")
