"""The verify page's address."""

from django.urls import path

from chotxanh.verification.views import verify

urlpatterns = [path("verify", verify, name="verify")]
