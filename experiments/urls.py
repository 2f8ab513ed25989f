"""The addresses of experiments and runs: pages, API (under /api/v1/) and sockets."""

from django.urls import URLPattern, path, re_path

from experiments import consumers
from experiments.api import catalog, compared, estimates, experiments, explanations, runs
from experiments.views import compare, experiment, explanation, home, run, wizard

pages: list[URLPattern] = [
    path("", home.home, name="home"),
    path("w/<slug:slug>/", home.workspace, name="workspace"),
    path("w/<slug:slug>/now/", home.in_progress, name="in_progress"),
    path("w/<slug:slug>/experiments/", home.experiments, name="experiments"),
    path("w/<slug:slug>/experiments/new/", wizard.new_experiment, name="new_experiment"),
    path("w/<slug:slug>/experiments/new/draft/", wizard.draft, name="draft_experiment"),
    path("w/<slug:slug>/runs/", home.runs, name="runs"),
    path("experiments/<uuid:pk>/", experiment.experiment, name="experiment"),
    path("experiments/<uuid:pk>/board/", experiment.ranking, name="experiment_board"),
    path("experiments/<uuid:pk>/compare/", compare.compare, name="compare"),
    path("experiments/<uuid:pk>/compare/rows/", compare.row_by_row, name="compare_rows"),
    path("experiments/<uuid:pk>/compare/table.<slug:form>", compare.table, name="compare_table"),
    path("experiments/<uuid:pk>/new-run/", wizard.new_run, name="new_run"),
    path("runs/<uuid:pk>/", run.run, name="run"),
    path("runs/<uuid:pk>/live/", run.live, name="run_live"),
    path("runs/<uuid:pk>/worst/", run.worst, name="run_worst"),
    path("runs/<uuid:pk>/explanation/", explanation.explanation, name="run_explanation"),
    path("runs/<uuid:pk>/cancel/", run.cancel, name="cancel_run"),
]
api = [
    path("catalog/", catalog.Catalog.as_view()),
    path("catalog/<slug:algo>/", catalog.OneLearner.as_view()),
    path("workspaces/<slug:slug>/experiments/", experiments.Experiments.as_view()),
    path("workspaces/<slug:slug>/runs/", runs.RunsOfWorkspace.as_view()),
    path("experiments/<uuid:pk>/", experiments.OneExperiment.as_view(), name="api-experiment"),
    path("experiments/<uuid:pk>/runs/", runs.RunsOfExperiment.as_view(), name="api-experiment-runs"),
    path("experiments/<uuid:pk>/estimate/", estimates.EstimateOfRun.as_view(), name="api-estimate"),
    path("experiments/<uuid:pk>/leaderboard/", experiments.Leaderboard.as_view(), name="api-leaderboard"),
    path("experiments/<uuid:pk>/comparison/", compared.Comparison.as_view(), name="api-comparison"),
    path("experiments/<uuid:pk>/comparison/rows/", compared.RowByRow.as_view(), name="api-comparison-rows"),
    path("runs/<uuid:pk>/", runs.OneRun.as_view(), name="api-run"),
    path("runs/<uuid:pk>/cancel/", runs.CancelRun.as_view(), name="api-run-cancel"),
    path("runs/<uuid:pk>/events/", runs.RunEvents.as_view(), name="api-run-events"),
    path("runs/<uuid:pk>/explanation/", explanations.OneExplanation.as_view(), name="api-run-explanation"),
    path("runs/<uuid:pk>/artifacts/", runs.RunArtifacts.as_view(), name="api-run-artifacts"),
    path("runs/<uuid:pk>/artifacts/<path:name>", runs.OneArtifact.as_view(), name="api-run-artifact"),
]
sockets = [
    path("ws/runs/<str:run>/", consumers.RunSocket.as_asgi()),
    path("ws/workspaces/<str:slug>/", consumers.WorkspaceSocket.as_asgi()),
    re_path(r"", consumers.Nowhere.as_asgi()),
]
