"""The addresses of experiments and runs: pages, API (under /api/v1/) and sockets."""

from django.urls import URLPattern

pages: list[URLPattern] = []
api: list[URLPattern] = []
sockets: list[URLPattern] = []
