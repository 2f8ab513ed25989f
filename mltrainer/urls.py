"""Every address of the house: pages, the API under /api/v1/, the probes, the administrator's panel."""

from django.contrib import admin
from django.urls import include, path

import accounts.urls
import datasets.urls
import experiments.urls
import training.urls
from mltrainer import api, errors

urlpatterns = [
    path("", include(accounts.urls.pages)),
    path("", include(datasets.urls.pages)),
    path("", include(experiments.urls.pages)),
    path("", include(training.urls.probes)),
    path("api/v1/", include(api.urlpatterns)),
    path("admin/", admin.site.urls),
]
handler400 = "mltrainer.errors.bad_request"
handler403 = "mltrainer.errors.forbidden"
handler404 = "mltrainer.errors.not_found"
handler500 = "mltrainer.errors.broken"
handler429 = errors.too_many
