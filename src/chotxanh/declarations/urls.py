"""The declaration's addresses."""

from django.urls import path

from chotxanh.declarations.views import declare, declare_check, declare_form

urlpatterns = [
    path("declare", declare, name="declare"),
    path("declare/<slug:token>", declare_form, name="declare_form"),
    path("declare/<slug:token>/check", declare_check, name="declare_check"),
]
