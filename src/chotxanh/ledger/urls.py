"""The ledger's addresses."""

from django.urls import path

from chotxanh.ledger.views import clock, feed, person_card, record_entries

urlpatterns = [
    path("ledger/entries", record_entries),
    path("feed", feed),
    path("cards/person/<str:code>", person_card),
    path("clock", clock),
]
