import sys; sys.path.insert(0,"/work/main")
from pathlib import Path
from tests.browser.conftest import *
from tests.browser.steps import sign_up, upload
from tests.datasets.test_pictures import digits
def test_look(new_page, tmp_path):
    page=new_page(); sign_up(page)
    f=tmp_path/"digits.zip"; f.write_bytes(digits(1797))
    upload(page,f)
    page.wait_for_load_state("networkidle")
    page.screenshot(path="/tmp/look/profile.png",full_page=True)
    page.get_by_role("link",name="Pictures").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path="/tmp/look/wall.png",full_page=True)
    page.get_by_role("link",name="3",exact=True).click(); page.wait_for_load_state("networkidle")
    page.screenshot(path="/tmp/look/one.png")
    page.locator(".wall a").nth(5).click(); page.wait_for_load_state("networkidle")
    print(page.url)
    page.screenshot(path="/tmp/look/rows.png")
    page.get_by_role("link", name="New experiment").first.click(); page.wait_for_load_state("networkidle")
    page.screenshot(path="/tmp/look/wizard.png")
