"""Registers the assembly with Django, and our panel in the place of Django's."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class MltrainerConfig(AppConfig):
    name = "mltrainer"
    default = True


class PanelConfig(admin.AdminConfig):
    """Django's admin with our panel as its site."""

    default = False
    default_site = "mltrainer.panel.Panel"
