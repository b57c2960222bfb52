"""Devices: a code for a new one; revoking a lost one, after a second look."""

from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.domain.codes import group
from chotxanh.domain.kinds import NodeRole
from chotxanh.forms.fields import Text
from chotxanh.forms.form import Form
from chotxanh.forms.redirects import see_other
from chotxanh.ledger.enrolling import revoke_device
from chotxanh.registers.devices.enrolment import new_enrolment_code
from chotxanh.registers.devices.entries import NAME_LENGTH
from chotxanh.registers.devices.models import Device
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.device_lines import device_lines
from chotxanh.site.office.door import for_leads, said, say_next
from chotxanh.site.office.paging import page_of
from chotxanh.site.office.shown_codes import show_code, shown_code


class DeviceForm(Form):
    """The name of a device that is to be enrolled."""

    texts = "office"

    device_name = Text(longest=NAME_LENGTH, size="medium", missing="device_name_missing")


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def devices(request: HttpRequest, member: Member) -> HttpResponse:
    """List devices; give a code for a new one, shown to this session alone and for a while."""
    form, now = DeviceForm(request.POST if request.method == "POST" else None), timezone.now()
    if form.is_valid():
        name = form.cleaned_data["device_name"]
        show_code(request, name, group(new_enrolment_code(member, name, now)), now)
        return see_other("office_devices")
    in_use_first = (F("revoked_at").asc(nulls_first=True), "name", "id")
    listed = page_of(request, Device.objects.filter(role=NodeRole.STATION).order_by(*in_use_first))
    lines = device_lines([device.id for device in listed])
    context = {
        "page": "devices",
        "member": member,
        "said": said(request),
        "listed": listed,
        "devices": [(device, lines[device.id]) for device in listed],
        "shown": shown_code(request, now),
        "form": form,
    }
    return render(request, "office/devices.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def revoke(request: HttpRequest, member: Member, device: UUID) -> HttpResponse:
    """Ask once more, then revoke: it cannot be undone."""
    found = Device.objects.filter(id=device, role=NodeRole.STATION, revoked_at=None).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        revoke_device(found.id, member, timezone.now())
        say_next(request, "office.revoked")
        return see_other("office_devices")
    return render(request, "office/revoke.html", {"page": "devices", "member": member, "device": found})
