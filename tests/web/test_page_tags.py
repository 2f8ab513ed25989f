"""What pages are made of: names between backticks become code, and nothing becomes markup."""

import pytest

from web.templatetags.page import coded


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("plain words", "plain words"),
        ("`alive` tells `survived`", "<code>alive</code> tells <code>survived</code>"),
        ("`<b>` & <i>", "<code>&lt;b&gt;</code> &amp; &lt;i&gt;"),
        ("one ` alone", "one ` alone"),
        ("`a` and one ` alone", "<code>a</code> and one ` alone"),
        ("{0} and `{1}`", "{0} and <code>{1}</code>"),
        ("", ""),
    ],
)
def test_names_stand_as_code(words: str, html: str) -> None:
    assert coded(words) == html
