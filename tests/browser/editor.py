"""Helpers for tests that write in the post editor."""

import base64
import re

from playwright.sync_api import expect

ADD = "/admin/blog/post/add/"
TEXT = "[role=textbox].desk-text"
# Dispatches a drop or a paste as the system would, with files, HTML, or both.
HAND_OVER = """([kind, files, html, target]) => {
  const data = new DataTransfer();
  for (const [name, type, content] of files) {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  if (html) data.setData('text/html', html);
  const text = document.querySelector(target ?? '.desk-text');
  const { left, bottom } = (text.lastElementChild ?? text).getBoundingClientRect();
  const more = { bubbles: true, cancelable: true, clientX: left + 4, clientY: bottom - 4 };
  const event = kind === 'paste'
    ? new ClipboardEvent('paste', { ...more, clipboardData: data })
    : new DragEvent('drop', { ...more, dataTransfer: data });
  text.dispatchEvent(event);
}"""


def editor(tab):
    """Return the text of the editor, ready and with the cursor in it."""
    text = tab.locator(TEXT)
    text.click()
    expect(text).to_be_focused()
    return text


def tool(tab, name):
    return tab.get_by_role("toolbar").get_by_role("button", name=name, exact=True)


def unfold(tab, name):
    """Open one of the folded groups beside the text."""
    tab.locator(".desk-side summary").filter(has_text=name).click()


def publish(tab, button="Publish now"):
    """Open the panel *Publish*, and choose its button."""
    if not tab.locator("details.desk-publish[open]").count():
        tab.locator(".desk-publish > summary").click()
    if button == "Schedule":
        tab.get_by_label("Later").check()
    tab.get_by_role("button", name=button, exact=True).click()


def hand_over(tab, kind, *files, html="", target=None):
    """``files``: (name, type, bytes)."""
    coded = [(name, of, base64.b64encode(content).decode()) for name, of, content in files]
    tab.evaluate(HAND_OVER, [kind, coded, html, target])


def written(tab):
    """Return what the form would send, a moment after the last key."""
    # A tool gives the focus back with the next frame: what never had it does not lose it.
    tab.locator(TEXT).focus()
    tab.locator(TEXT).blur()
    return tab.input_value("#id_body")


def put(tab, html):
    """Replace the editor's text, as the script that restores a draft does."""
    tab.evaluate(
        """html => { const area = document.getElementById('id_body'); area.value = html;
           area.dispatchEvent(new Event('change')); }""",
        html,
    )


def emptied(tab):
    """Return the text of the editor with nothing in it but the cursor."""
    put(tab, "")
    return editor(tab)


def through_the_editor(tab, html):
    """Return what the form would send after somebody typed and deleted one letter in ``html``."""
    put(tab, html)
    touch(tab)
    return written(tab)


def touch(tab):
    """Type a letter at the end of the text and delete it."""
    tab.locator(TEXT).focus()
    tab.keyboard.press("ControlOrMeta+End")
    tab.keyboard.type("x")
    tab.keyboard.press("Backspace")


def numbers(tab):
    return re.sub(r"\s+", " ", tab.locator(".desk-numbers").inner_text())
