"""Images in the editor: dropped, pasted or chosen, described, or refused with a sentence."""

import pytest
from playwright.sync_api import expect

from blog.models import Image
from tests.blog.image_files import drawn, file
from tests.browser.editor import ADD, TEXT, editor, hand_over, tool, written


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def tab(page, alice):
    opened = page(ADD, user=alice)
    editor(opened)
    return opened


SMALL = drawn("PNG", size=(60, 40))


def window(tab):
    return tab.get_by_role("dialog")


def press(tab, name):
    window(tab).get_by_role("button", name=name, exact=True).click()


def figure(image, alt):
    return f'<figure><img src="{image.url}"{alt} width="60" height="40"></figure>'


def test_a_picture_is_pasted_and_marked_as_decoration(tab):
    tab.keyboard.type("Before it.")
    hand_over(tab, "paste", ("a.png", "image/png", SMALL))
    window(tab).get_by_label("Decorative").check()
    press(tab, "Done")
    assert written(tab) == "<p>Before it.</p>" + figure(Image.objects.get(), ' alt=""')


def test_a_file_dropped_beside_the_text_is_put_into_it(tab):
    hand_over(tab, "drop", ("lake.png", "image/png", drawn("PNG", (80, 60))), target=".desk-side")
    window(tab).get_by_label("Description (alt text)").fill("A lake")
    press(tab, "Done")
    expect(tab.locator(f"{TEXT} figure")).to_have_count(1)


def test_a_picture_without_a_description_gets_a_warning_and_can_be_described_later(tab):
    hand_over(tab, "drop", ("a.png", "image/png", SMALL))
    press(tab, "Done")
    expect(window(tab).get_by_role("alert")).to_contain_text("You can also do this later.")
    press(tab, "Skip for now")
    image = Image.objects.get()
    assert figure(image, "") in written(tab)
    tab.get_by_role("button", name="Describe this image").click()
    window(tab).get_by_label("Description (alt text)").fill('Two "colours" & <more>')
    press(tab, "Done")
    assert 'alt="Two &quot;colours&quot; &amp; ' in written(tab)
    expect(tab.get_by_role("button", name="Description: Two")).to_be_visible()


def test_a_picture_from_the_library_keeps_its_description(page, alice):
    image = Image.keep(file(SMALL), alice, "Two colours")
    Image.objects.update(alt="Blue and orange")
    tab = page(ADD, user=alice, width=360)
    editor(tab)
    tool(tab, "Image").click()
    window(tab).get_by_role("searchbox").fill("nothing of this name")
    window(tab).get_by_role("searchbox").press("Enter")
    expect(window(tab).get_by_text("No images found.")).to_be_visible()
    window(tab).get_by_role("searchbox").fill("colours")
    window(tab).get_by_role("searchbox").press("Enter")
    window(tab).get_by_role("button", name="Two colours").click()
    expect(window(tab)).to_have_count(0)
    assert figure(image, ' alt="Blue and orange"') in written(tab)


def test_words_typed_after_a_picture_appear_below_it(page, alice):
    Image.keep(file(SMALL), alice)
    Image.objects.update(alt="Blue and orange")
    tab = page(ADD, user=alice)
    editor(tab)
    tab.keyboard.type("Before it.")
    hand_over(tab, "drop", ("a.png", "image/png", SMALL))
    expect(tab.locator(f"{TEXT} figure.ProseMirror-selectednode")).to_have_count(1)
    tab.keyboard.type("And on.")
    shown = figure(Image.objects.get(), ' alt="Blue and orange"')
    assert written(tab) == f"<p>Before it.</p>{shown}<p>And on.</p>"


def test_choosing_a_search_result_is_not_lost_to_another_search(page, alice):
    Image.keep(file(SMALL), alice, "Two colours")
    Image.objects.update(decorative=True)
    tab = page(ADD, user=alice)
    tab.clock.install()
    tab.reload()
    editor(tab)
    tool(tab, "Image").click()
    search = window(tab).get_by_role("searchbox")
    search.fill("colours")
    with tab.expect_response("**q=colours**"):
        search.press("Enter")
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    found = window(tab).get_by_role("button", name="Two colours")
    expect(found).to_be_visible()
    found.hover()
    tab.mouse.down()
    # More than the time after which a search begins by itself has gone by.
    tab.clock.run_for(5_000)
    assert not [url for url in asked if "q=colours" in url]
    tab.mouse.up()
    expect(window(tab)).to_have_count(0)


def test_a_failing_library_is_reported_and_asked_again(tab):
    tab.route("**q=**", lambda route: route.fulfill(status=502, body="no"))
    tool(tab, "Image").click()
    expect(window(tab).get_by_text("The image library couldn’t be loaded")).to_be_visible()
    tab.unroute("**q=**")
    window(tab).get_by_role("searchbox").press("Enter")
    expect(window(tab).get_by_text("No images yet.")).to_be_visible()


def test_several_files_are_chosen_and_inserted_one_after_another(tab):
    tool(tab, "Image").click()
    other = drawn("PNG", size=(60, 40), color=(0, 0, 0))
    window(tab).locator("[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "image/png", "buffer": content}
            for name, content in (("one.png", SMALL), ("two.png", other))
        ]
    )
    for words in ("The first", "The second"):
        expect(window(tab).get_by_label("Description (alt text)")).to_have_value("")
        window(tab).get_by_label("Description (alt text)").fill(words)
        press(tab, "Done")
    expect(tab.locator(f"{TEXT} figure")).to_have_count(2)
    assert written(tab).index("The first") < written(tab).index("The second")


def test_a_file_that_is_no_picture_is_refused_and_the_text_stays(tab):
    tab.keyboard.type("My words")
    for name, content, sentence in (
        ("a.jpg", b"", "This file is empty"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "use JPEG, PNG, WebP, AVIF or GIF"),
        ("a.jpg", drawn()[:2000], "damaged or incomplete"),
        ("letter.pdf", b"%PDF-1.7", "use JPEG, PNG, WebP, AVIF or GIF"),
    ):
        hand_over(tab, "drop", (name, "image/png", content))
        expect(tab.locator(".desk-status"), name).to_contain_text(sentence)
        assert written(tab) == "<p>My words</p>"
    # Nor is anything lost when the session has ended meanwhile.
    tab.context.clear_cookies(name="sessionid")
    hand_over(tab, "drop", ("a.png", "image/png", SMALL))
    expect(tab.locator(".desk-status")).to_contain_text("Your text is unchanged.")
    assert written(tab) == "<p>My words</p>"
    assert Image.objects.count() == 0
