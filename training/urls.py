"""The probes: is the house up, and can work be done."""

from django.urls import path

from training import views

probes = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
