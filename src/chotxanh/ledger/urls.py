"""The ledger's addresses."""

from django.urls import path

from chotxanh.ledger.views import clock, enrol_device, feed, hand_in_looks, person_card, record_entries

urlpatterns = [
    path("devices/enrol", enrol_device, name="enrol_device"),
    path("entries", record_entries, name="entries"),
    path("feed", feed, name="feed"),
    path("cards/person/<str:code>", person_card, name="person_card"),
    path("looks", hand_in_looks, name="hand_in_looks"),
    path("clock", clock, name="clock"),
]
