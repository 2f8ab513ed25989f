"""The addresses of datasets: pages, and API (under /api/v1/)."""

from django.urls import URLPattern, path

from datasets import api as programs
from datasets import api_profile, api_rows, api_thumbs, api_trash, tus
from datasets.views import again, column, dataset, listing, rows, thumbs, trash

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
    path("w/<slug:slug>/trash/", trash.trash, name="trash"),
    path("datasets/<uuid:pk>/restore/", trash.restore_dataset, name="restore_dataset"),
    path("datasets/<uuid:pk>/purge/", trash.purge_dataset, name="purge_dataset"),
    path("dataset-versions/<uuid:pk>/delete/", trash.remove_version, name="remove_version"),
    path("dataset-versions/<uuid:pk>/restore/", trash.restore_version, name="restore_version"),
    path("dataset-versions/<uuid:pk>/purge/", trash.purge_version, name="purge_version"),
    path("dataset-versions/<uuid:pk>/cancel/", trash.cancel, name="cancel_reading"),
    path("dataset-versions/<uuid:pk>/note/", trash.note, name="note_version"),
    path("dataset-versions/<uuid:pk>/rows.csv", rows.sheet, name="dataset_rows"),
    path("dataset-versions/<uuid:pk>/thumbs/<int:row>/", thumbs.thumb, name="dataset_thumb"),
]
api: list[URLPattern] = [
    path("uploads/", tus.Uploads.as_view(), name="api-uploads"),
    path("uploads/<uuid:pk>/", tus.OneUpload.as_view(), name="api-upload"),
    path("workspaces/<slug:slug>/datasets/", programs.Datasets.as_view(), name="api-datasets"),
    path("datasets/<uuid:pk>/", programs.OneDataset.as_view(), name="api-dataset"),
    path("datasets/<uuid:pk>/versions/", programs.Versions.as_view(), name="api-dataset-versions"),
    path("dataset-versions/<uuid:pk>/", api_trash.Version.as_view(), name="api-dataset-version"),
    path("dataset-versions/<uuid:pk>/cancel/", api_trash.Cancel.as_view(), name="api-cancel-reading"),
    path("dataset-versions/<uuid:pk>/restore/", api_trash.RestoreVersion.as_view(), name="api-back-version"),
    path("dataset-versions/<uuid:pk>/purge/", api_trash.PurgeVersion.as_view(), name="api-purge-version"),
    path("workspaces/<slug:slug>/trash/", api_trash.Trash.as_view(), name="api-trash"),
    path("datasets/<uuid:pk>/restore/", api_trash.RestoreDataset.as_view(), name="api-back-dataset"),
    path("datasets/<uuid:pk>/purge/", api_trash.PurgeDataset.as_view(), name="api-purge-dataset"),
    path("dataset-versions/<uuid:pk>/profile/", api_profile.Profile.as_view(), name="api-profile"),
    path("dataset-versions/<uuid:pk>/try/", programs.Try.as_view(), name="api-try"),
    path("dataset-versions/<uuid:pk>/preview/", api_rows.Preview.as_view(), name="api-preview"),
    path("dataset-versions/<uuid:pk>/compare/", api_rows.Compare.as_view(), name="api-compare"),
    path("dataset-versions/<uuid:pk>/rows.csv", api_rows.Sheet.as_view(), name="api-rows"),
    path("dataset-versions/<uuid:pk>/thumbs/<int:row>/", api_thumbs.Thumb.as_view(), name="api-thumb"),
    path("dataset-versions/<uuid:pk>/file/", programs.Original.as_view(), name="api-file"),
]
