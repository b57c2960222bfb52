"""The declaration's addresses."""

from django.urls import path

from chotxanh.declarations.views import declare, declare_again, declare_check, declare_form, declare_with

urlpatterns = [
    path("declare", declare, name="declare"),
    path("declare/<slug:token>", declare_form, name="declare_form"),
    path("declare/<slug:token>/with/<int:number>", declare_with, name="declare_with"),
    path("p/<str:secret>/journey", declare_again, name="declare_again"),
    path("declare/<slug:token>/check", declare_check, name="declare_check"),
]
