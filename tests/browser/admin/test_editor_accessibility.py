"""Accessibility of the editor: axe finds no violation in it, its dialogs or its HTML view."""

from blog.models import Image
from tests.blog.image_files import drawn, file
from tests.browser.axe import violations
from tests.browser.editor import ADD, editor, put, tool


def test_the_editor_and_its_dialogs_have_no_violation(page, alice, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    image = Image.keep(file(drawn("PNG", size=(60, 40))), alice, "Two colours")
    # Axe itself copies the admin's style sheets into the page; other tests watch what we do.
    noise = ["Applying inline style", "Couldn't load preload assets"]
    tab = page(ADD, user=alice, width=360, noise=noise)
    put(
        tab,
        f'<h2>a</h2><p>b <a href="/c/">c</a></p><figure><img src="{image.url}"></figure>'
        "<table><tr><th>d</th></tr><tr><td>e</td></tr></table><pre><code>f</code></pre>",
    )
    assert violations(tab, ".desk-editor") == []
    for name in ("Image", "Link", "Table"):
        editor(tab)
        tool(tab, name).click()
        tab.get_by_role("dialog").wait_for()
        assert violations(tab, ".desk-dialog") == []
        tab.keyboard.press("Escape")
    put(tab, "<details><summary>a</summary></details>")
    assert violations(tab, ".desk-editor") == []
