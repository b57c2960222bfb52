"""The devices' addresses."""

from django.urls import path

from chotxanh.registers.devices.views import enrol_device

urlpatterns = [path("devices/enrol", enrol_device, name="enrol_device")]
