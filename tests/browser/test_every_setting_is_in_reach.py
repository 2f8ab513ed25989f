"""The wizard beyond its plain path: a group split, a ratio, one column encoded otherwise, two models."""

import json
import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_everyone_can_use_it import look

LONG = 120_000  # milliseconds; the machine may be busy


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """Four rows for each of sixty customers, and whether they left."""
    rng = random.Random(1)  # noqa: S311 -- a table, no secret
    lines = ["customer,age,income,city,left"]
    for row in range(240):
        age, income = rng.randint(18, 80), rng.randint(1000, 9000)
        left = "yes" if age * 50 + income + rng.randint(-500, 500) > 7000 else "no"
        lines.append(f"c{row // 4:03},{age},{income},{rng.choice(['Rome', 'Oslo', 'Bern'])},{left}")
    file = tmp_path / "customers.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def unfold(page: Page, fold: str) -> None:
    """Opens a fold and waits for its fields, which are drawn when somebody looks."""
    page.locator(f"[id='{fold}'] > summary").click()
    expect(page.locator(f"[id='{fold}'] [data-lazy]")).to_have_count(0)


def test_a_group_split_a_ratio_and_a_column_of_its_own_reach_both_runs(page: Page, customers: Path) -> None:
    steps.sign_up(page)
    steps.upload(page, customers)
    steps.choose(page, "left", ["logistic_regression", "decision_tree"])
    page.get_by_role("button", name="Split by customer").click()
    expect(page.get_by_text("The split goes by it")).to_be_visible()
    expect(page.locator("[id='id_split.kind']")).to_have_value("group")
    unfold(page, "fold-features")
    ratio = page.locator("[id='id_features.ratios'] [data-row]").first.locator("select")
    ratio.nth(0).select_option("income")
    ratio.nth(1).select_option("age")
    expect(page.locator("[id='id_features.ratios'] [data-row]")).to_have_count(2)
    page.get_by_label("Treat city otherwise").check()
    own = page.get_by_role("group", name="Only for city")
    own.get_by_label("Encode").select_option("target")
    expect(page.locator("[id='changed-features']")).to_have_text("1 changed")
    page.get_by_text("The same as JSON").click()
    expect(page.get_by_label("Run 1 as JSON")).to_contain_text("target")
    bodies = [
        json.loads(body) for body in page.locator("#wizard-review pre[aria-label^=Run]").all_inner_texts()
    ]
    assert [body["features"] for body in bodies] == [{"ratios": [["income", "age"]]}] * 2
    assert bodies[0]["preprocessing"]["columns"]["city"] == {"encode": "target"}
    steps.train(page)
    expect(page.get_by_role("heading", name="At work")).to_have_count(0, timeout=LONG)
    for algo in ("logistic_regression", "decision_tree"):
        expect(page.get_by_role("table").get_by_text(algo).first).to_be_visible()
    page.locator("table tbody tr th a").first.click()
    page.wait_for_url(re.compile(r"/runs/"))
    page.goto(page.url.partition("?")[0] + "?tab=settings")
    spec = json.loads(page.locator("#spec").inner_text())
    assert spec["split"] == {"kind": "group", "column": "customer", "test_size": 0.2}
    assert spec["validation"]["kind"] == "group"


def test_what_is_typed_stays_while_other_parts_are_drawn_anew(page: Page, customers: Path) -> None:
    steps.sign_up(page)
    steps.upload(page, customers)
    steps.choose(page, "left", ["random_forest"])
    unfold(page, "settings-random_forest")
    page.get_by_label("Trees n_estimators").fill("50")
    page.get_by_label("Treat age otherwise").check()
    expect(page.get_by_role("group", name="Only for age")).to_be_visible()
    expect(page.get_by_label("Trees n_estimators")).to_have_value("50")
    expect(page.get_by_label("Treat age otherwise")).to_be_focused()


def test_the_reason_a_column_is_left_out_stays_inside_a_narrow_page(page: Page, customers: Path) -> None:
    lines = customers.read_text().splitlines()
    again = [line + "," + ("gone" if line.endswith("yes") else "here") for line in lines[1:]]
    customers.write_text("\n".join([lines[0] + ",again", *again]) + "\n")
    steps.sign_up(page)
    steps.upload(page, customers)
    steps.choose(page, "left", ["dummy"])
    page.set_viewport_size({"width": 390, "height": 844})
    box = page.get_by_text("It gives the answer away.").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


@pytest.mark.slow
def test_everyone_can_use_the_wizard_with_everything_unfolded(page: Page, customers: Path) -> None:
    steps.sign_up(page)
    steps.upload(page, customers)
    steps.choose(page, "left", ["stacking", "mlp"])
    for fold in ("fold-split", "fold-preprocessing", "fold-features", "fold-evaluation", "settings-stacking"):
        unfold(page, fold)
    for group in ("polynomial", "bins", "text", "pca", "selection"):
        page.locator(f"[id='id_features.{group}']").check()
    page.locator("[id='id_split.kind']").select_option("time")
    for column in ("age", "city"):
        page.get_by_label(f"Treat {column} otherwise").check()
        expect(page.get_by_role("group", name=f"Only for {column}")).to_be_visible()
    expect(page.get_by_label("Topics svd")).to_be_visible()
    page.wait_for_load_state("networkidle")
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        look(page, page.url)
