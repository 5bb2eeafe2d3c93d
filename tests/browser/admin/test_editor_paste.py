"""Pasting with Chromium's own clipboard: each line of what was copied is a line of the post."""

import pytest
from playwright.sync_api import expect

from blog import markup
from tests.browser.editor import ADD, TEXT, emptied, written

# What a program puts on the clipboard, and what the post then has. Each stands for a place where
# a line can end: a break, a block the editor does not know, a style, the top of the clipboard.
COPIED = (
    ("<b>Ada</b><br>Road 1<br>Town", "<p><strong>Ada</strong><br>Road 1<br>Town</p>"),
    ("<div>Ada</div><div>Road 1</div>Town", "<p>Ada</p><p>Road 1</p><p>Town</p>"),
    ("Ada<div>Road 1</div><div>Town</div>", "<p>Ada</p><p>Road 1</p><p>Town</p>"),
    ("<div>Ada<br>Road 1</div><div><br></div>Town", "<p>Ada<br>Road 1</p><p>Town</p>"),
    ("Ada<br><br>Road 1<br> <br><br>Town", "<p>Ada</p><p>Road 1</p><p>Town</p>"),
    ("<font color=red>Ada<br>Road 1</font><br>Town", "<p>Ada<br>Road 1<br>Town</p>"),
    ("<font><div>Ada</div>Road 1</font>Town", "<p>Ada</p><p>Road 1Town</p>"),
    ("<span>Ada<p>Road 1</p></span><p>Town</p>", "<p>Ada</p><p>Road 1</p><p>Town</p>"),
    ("<i><div>Ada</div>Road 1</i>", "<p><em>Ada</em></p><p><em>Road 1</em></p>"),
    ("<td>Ada</td><td>Road<br>1</td>", "<table><tr><td>Ada</td><td>Road<br>1</td></tr></table>"),
    ("Ada <tr><td>Road</td></tr>", "<p>Ada</p><table><tr><td>Road</td></tr></table>"),
    (
        "<table><caption>Ada</caption><tr><td><div>a</div><div>b</div></td></tr></table>",
        "<p>Ada</p><table><tr><td><p>a</p><p>b</p></td></tr></table>",
    ),
    (
        "<details open><summary>Ada</summary>Road 1<p>Town</p></details>End",
        "<p>Ada</p><p>Road 1</p><p>Town</p><p>End</p>",
    ),
    ("<dl><dt>Ada</dt><dd>Road 1</dd><dd>Town</dd></dl>", "<p>Ada</p><p>Road 1</p><p>Town</p>"),
    ("<address>Ada<br>Road 1</address>Town", "<p>Ada<br>Road 1</p><p>Town</p>"),
    ("<fieldset><legend>Ada</legend>Road 1</fieldset>", "<p>Ada</p><p>Road 1</p>"),
    ("<figure>Ada<figcaption>Road 1</figcaption></figure>", "<p>Ada</p><p>Road 1</p>"),
    (
        "<blockquote>Ada<div>Road 1</div></blockquote>",
        "<blockquote><p>Ada</p><p>Road 1</p></blockquote>",
    ),
    ("<h2>Ada<div>Road 1</div></h2>Town", "<h2>Ada<br>Road 1</h2><p>Town</p>"),
    ("<pre>Ada<br>  Road 1</pre>", "<pre><code>Ada\n  Road 1</code></pre>"),
    ("<pre><div>Ada</div><div>Road 1</div></pre>", "<pre><code>Ada\nRoad 1</code></pre>"),
    (
        "<li>Ada</li><li>Road 1<div>Town</div></li>",
        "<ul><li>Ada</li><li><p>Road 1</p><p>Town</p></li></ul>",
    ),
    ("<ul><div>Ada</div><li>Road 1</li></ul>", "<ul><li>Ada</li><li>Road 1</li></ul>"),
    (
        "<span style='display:block'>Ada</span><span style='display: block'>Road 1</span>",
        "<p>Ada</p><p>Road 1</p>",
    ),
    (
        "<span style='white-space:pre-wrap'>Ada\nRoad 1\n\nTown</span>",
        "<p>Ada<br>Road 1</p><p>Town</p>",
    ),
    ("<div style='white-space:normal'>Ada\nLee</div>", "<p>Ada Lee</p>"),
    # From an editor of the same family that knows other blocks.
    ("<div data-pm-slice='0 0 []'>Ada</div><section>Road 1</section>", "<p>Ada</p><p>Road 1</p>"),
    # As Google Docs says strike, underline, super- and subscript; a link is underlined anyway.
    (
        "<p><span style='text-decoration:line-through'>a</span></p><p>f</p>",
        "<p><s>a</s></p><p>f</p>",
    ),
    (
        "<p><span style='font-weight:700;text-decoration:underline'>b</span></p><p>f</p>",
        "<p><strong><u>b</u></strong></p><p>f</p>",
    ),
    (
        "<p>a<span style='vertical-align:super'>c</span></p><p>f</p>",
        "<p>a<sup>c</sup></p><p>f</p>",
    ),
    (
        "<p>a<span style='vertical-align:sub'>d</span></p><p>f</p>",
        "<p>a<sub>d</sub></p><p>f</p>",
    ),
    (
        "<p><a href='/x/'><span style='text-decoration:underline'>e</span></a></p><p>f</p>",
        '<p><a href="/x/">e</a></p><p>f</p>',
    ),
    # One line stays within the line.
    ("<meta charset='utf-8'><div><span>Ada</span></div>", "<p>Ada</p>"),
)
COPY = """html => {
  const copied = (event) => {
    event.preventDefault();
    event.clipboardData.setData('text/html', html);
    event.clipboardData.setData('text/plain', 'plain');
  };
  document.addEventListener('copy', copied, { capture: true, once: true });
}"""
# Select all of a page's content, as somebody does who copies from it.
SELECT = "selector => getSelection().selectAllChildren(document.querySelector(selector))"


@pytest.fixture
def tab(page, alice):
    return page(ADD, user=alice)


def paste_over(tab):
    tab.keyboard.press("ControlOrMeta+a")
    tab.keyboard.press("ControlOrMeta+v")
    found = written(tab)
    assert markup.clean(found) == found
    return found.replace("<tbody>", "").replace("</tbody>", "")


def test_lines_of_other_programs_stay_apart(tab):
    emptied(tab)
    tab.keyboard.type("x")
    found = {}
    for html, _becomes in COPIED:
        tab.locator(TEXT).focus()
        tab.evaluate(COPY, html)
        tab.keyboard.press("ControlOrMeta+a")
        tab.keyboard.press("ControlOrMeta+c")
        found[html] = paste_over(tab)
    assert found == dict(COPIED)


@pytest.mark.parametrize(
    ("shown", "becomes"),
    [
        ("<p id=a>Ada,<br>Road 1,<br>Town.</p>", "<p>Ada,<br>Road 1,<br>Town.</p>"),
        (
            "<div id=a>Ada,<br><b>Road 1</b><br>Town.</div>",
            "<p>Ada,<br><strong>Road 1</strong><br>Town.</p>",
        ),
        ("<div id=a><div>Ada</div><div>Road 1</div></div>", "<p>Ada</p><p>Road 1</p>"),
        ("<font id=a>Ada<br>Road 1</font>", "<p>Ada<br>Road 1</p>"),
        ("<table><tr><td id=a>Ada<br>Road 1</td></tr></table>", "<p>Ada<br>Road 1</p>"),
        (
            "<table id=a><tr><td>Ada<br>Road 1<td>Town</table>",
            "<table><tr><td>Ada<br>Road 1</td><td>Town</td></tr></table>",
        ),
        (
            "<details id=a open><summary>Ada</summary>Road 1<br>Town</details>",
            "<p>Ada</p><p>Road 1<br>Town</p>",
        ),
        ("<pre id=a>Ada\nRoad 1</pre>", "<pre><code>Ada\nRoad 1</code></pre>"),
        ("<div id=a style='white-space:pre-line'>Ada\nRoad 1</div>", "<p>Ada<br>Road 1</p>"),
    ],
)
def test_lines_of_a_page_stay_apart(tab, shown, becomes):
    other = tab.context.new_page()
    other.set_content(shown)
    other.evaluate(SELECT, "#a")
    other.keyboard.press("ControlOrMeta+c")
    other.close()
    emptied(tab)
    assert paste_over(tab) == becomes


def test_a_word_is_pasted_into_its_line(tab):
    emptied(tab)
    tab.evaluate(COPY, "<div><span>two</span></div>")
    tab.evaluate("document.execCommand('copy')")
    tab.keyboard.type("one")
    tab.keyboard.press("ControlOrMeta+v")
    expect(tab.locator(f"{TEXT} p")).to_have_text("onetwo")
