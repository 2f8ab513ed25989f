"""The probes: is the house up, and can work be done."""

from django.urls import URLPattern

probes: list[URLPattern] = []
