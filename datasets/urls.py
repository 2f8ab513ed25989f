"""The addresses of datasets: pages, and API (under /api/v1/)."""

from django.urls import URLPattern, path

from datasets import api as programs
from datasets import api_profile, api_rows, api_thumbs, tus
from datasets.views import again, column, dataset, listing, rows, thumbs

pages: list[URLPattern] = [
    path("w/<slug:slug>/datasets/", listing.datasets, name="datasets"),
    path("w/<slug:slug>/datasets/sample/<slug:sample>/", listing.add_sample, name="add_sample"),
    path("datasets/<uuid:pk>/", dataset.dataset, name="dataset"),
    path("datasets/<uuid:pk>/versions/", dataset.add_version, name="add_version"),
    path("datasets/<uuid:pk>/rename/", dataset.rename, name="rename_dataset"),
    path("datasets/<uuid:pk>/delete/", dataset.remove, name="remove_dataset"),
    path("dataset-versions/<uuid:pk>/", dataset.version, name="dataset_version"),
    path("dataset-versions/<uuid:pk>/reading/", dataset.reading, name="dataset_reading"),
    path("dataset-versions/<uuid:pk>/again/", again.read_again, name="read_again"),
    path("dataset-versions/<uuid:pk>/try/", again.try_reading, name="try_reading"),
    path("dataset-versions/<uuid:pk>/column/", column.column, name="dataset_column"),
    path("dataset-versions/<uuid:pk>/figure/", column.figure, name="column_figure"),
    path("dataset-versions/<uuid:pk>/file/", dataset.original, name="dataset_file"),
    path("dataset-versions/<uuid:pk>/rows.csv", rows.sheet, name="dataset_rows"),
    path("dataset-versions/<uuid:pk>/thumbs/<int:row>/", thumbs.thumb, name="dataset_thumb"),
]
api: list[URLPattern] = [
    path("uploads/", tus.Uploads.as_view(), name="api-uploads"),
    path("uploads/<uuid:pk>/", tus.OneUpload.as_view(), name="api-upload"),
    path("workspaces/<slug:slug>/datasets/", programs.Datasets.as_view(), name="api-datasets"),
    path("datasets/<uuid:pk>/", programs.OneDataset.as_view(), name="api-dataset"),
    path("datasets/<uuid:pk>/versions/", programs.Versions.as_view(), name="api-dataset-versions"),
    path("dataset-versions/<uuid:pk>/", programs.OneVersion.as_view(), name="api-dataset-version"),
    path("dataset-versions/<uuid:pk>/profile/", api_profile.Profile.as_view(), name="api-profile"),
    path("dataset-versions/<uuid:pk>/preview/", api_rows.Preview.as_view(), name="api-preview"),
    path("dataset-versions/<uuid:pk>/rows.csv", api_rows.Sheet.as_view(), name="api-rows"),
    path("dataset-versions/<uuid:pk>/thumbs/<int:row>/", api_thumbs.Thumb.as_view(), name="api-thumb"),
    path("dataset-versions/<uuid:pk>/file/", programs.Original.as_view(), name="api-file"),
]
