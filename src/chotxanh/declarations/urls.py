"""The declaration's address."""

from django.urls import path

from chotxanh.declarations.views import declare

urlpatterns = [path("declare", declare, name="declare")]
