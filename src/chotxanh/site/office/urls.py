"""The office's addresses."""

from django.urls import path

from chotxanh.site.office.devices import devices, revoke
from chotxanh.site.office.disputed import disputed
from chotxanh.site.office.errands import errands
from chotxanh.site.office.held import decide_held, held
from chotxanh.site.office.overview import missing, overview
from chotxanh.site.office.sign_in import sign_in, sign_out

urlpatterns = [
    path("office/", overview, name="office"),
    path("office/sign-in", sign_in, name="office_sign_in"),
    path("office/sign-out", sign_out, name="office_sign_out"),
    path("office/held", held, name="office_held"),
    path("office/held/<uuid:entry>", decide_held, name="office_decide_held"),
    path("office/disputed", disputed, name="office_disputed"),
    path("office/gaps", missing, name="office_gaps"),
    path("office/errands", errands, name="office_errands"),
    path("office/devices", devices, name="office_devices"),
    path("office/devices/<uuid:device>/revoke", revoke, name="office_revoke"),
]
