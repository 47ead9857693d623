"""Addresses."""

from django.urls import include, path

urlpatterns = [path("", include("web.urls"))]

handler400 = "web.views.errors.unreadable"
handler404 = "web.views.errors.unknown_address"
handler500 = "web.views.errors.failed"
