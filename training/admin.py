"""Takes the queue's own tables out of the administration: whoever adds a schedule runs any function."""

from django.contrib import admin
from django_q.models import Failure, OrmQ, Schedule, Success

for _model in (Schedule, Success, Failure, OrmQ):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)
