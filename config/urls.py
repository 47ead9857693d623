"""Addresses."""

from django.urls import include, path

urlpatterns = [path("", include("web.urls"))]

handler404 = "web.views.errors.not_found"
handler500 = "web.views.errors.failed"
