"""A browser without JavaScript: it follows links, fills in forms and presses buttons over HTTP.

It finds links, fields and buttons by their names, as people do. A name that is not on the page,
or a form that lacks its token, fails as it would for a person."""

import re
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

HERE = "http://testserver"


def path_of(address):
    """Return the part of one of our URLs that names the page."""
    return re.sub(r"^https?://[^/]+", "", address) or "/"


class PlainBrowser:
    """``status``, ``url`` and ``page`` (a soup) are those of the open page."""

    def __init__(self, path="/", user=None):
        self.client = Client(enforce_csrf_checks=True)
        if user:
            self.client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.url, self.status, self.page = "/", None, None
        self.goto(path)

    def goto(self, path):
        return self._request("get", urljoin(self.url, path))

    def follow(self, name, inside=None):
        """Follow the first link of this name."""
        to = urljoin(self.url, self.link(name, inside)["href"])
        return self._request("get", to, came_from=self.url)

    def link(self, name, inside=None):
        return self._named("link", "a[href]", name, inside)

    def button(self, name, inside=None):
        return self._named("button", "button, input[type=submit]", name, inside)

    def press(self, name, inside=None):
        """Send the form of the first button of this name, with the values of its fields."""
        button = self.button(name, inside)
        form = self._form_of(button)
        data = self._held(form)
        if button.get("name"):
            data.append((button["name"], button.get("value", "")))
        method = (button.get("formmethod") or form.get("method") or "get").lower()
        action = button.get("formaction") or form.get("action") or self.url
        return self._request(method, urljoin(self.url, action), data, came_from=self.url)

    def field(self, label, inside=None):
        """Return the field with this label: around it, for it, or its own."""
        place = inside or self.page
        for each in place.select("label"):
            if _is_named(each, label):
                named = self.page.find(id=each["for"]) if each.get("for") else None
                found = named or each.select_one("input, textarea, select")
                if found:
                    return found
        return self._named("field", "[aria-label]:is(input, textarea, select)", label, inside)

    def fill(self, label, text, inside=None):
        field = self.field(label, inside)
        if field.name == "textarea":
            field.string = text
        else:
            field["value"] = text

    def choose(self, label, option, inside=None):
        """Choose from a list the option of these words."""
        options = self.field(label, inside).select("option")
        (chosen,) = [each for each in options if _words(each) == option]
        for each in options:
            each.attrs.pop("selected", None)
        chosen["selected"] = ""

    def check(self, label, on=True, inside=None):
        """Tick a box, or one of several buttons of a kind."""
        field = self.field(label, inside)
        if field["type"] == "radio":
            for other in self._form_of(field).select(f"input[name={field['name']}]"):
                other.attrs.pop("checked", None)
        field.attrs.pop("checked", None)
        if on:
            field["checked"] = ""

    def value(self, label):
        field = self.field(label)
        # HTML drops the line break that Django puts behind the tag.
        return field.text.removeprefix("\n") if field.name == "textarea" else field.get("value", "")

    def checked(self, label):
        return self.field(label).has_attr("checked")

    def all(self, selector):
        return self.page.select(selector)

    def shown(self, selector):
        """Return the texts of all visible elements of this kind."""
        return [_words(each) for each in self.page.select(selector) if not _is_hidden(each)]

    def one(self, selector, words=""):
        """Return the only element of this kind that has these words."""
        found = [each for each in self.page.select(selector) if words in _words(each)]
        assert len(found) == 1, f"{len(found)} of {selector} {words!r} on {self.url}: {self.text}"
        return found[0]

    @property
    def heading(self):
        return _words(self.one("h1"))

    @property
    def text(self):
        """Return the text of the page, with single spaces."""
        return _words(self.page.select_one("main, #content, body") or self.page)

    @property
    def cookies(self):
        return {name for name, each in self.client.cookies.items() if each.value}

    def _request(self, method, url, data=None, came_from=None):
        address, _, fragment = url.partition("#")
        host = urlsplit(address).netloc
        assert not host or address.startswith((HERE, settings.SITE_URL)), f"leads away: {url}"
        path = path_of(address)
        headers = {"referer": HERE + came_from.partition("#")[0]} if came_from else {}
        if method == "post":
            answer = self.client.post(path, _lists(data), headers=headers)
        else:
            given = None if data is None else _lists(data)
            answer = self.client.get(path, given, headers=headers)
        if answer.status_code in {301, 302, 303}:
            to = urljoin(path, answer["Location"])
            to = to if "#" in to or not fragment else f"{to}#{fragment}"
            return self._request("get", to, came_from=came_from)
        query = answer.request.get("QUERY_STRING", "")
        self.url = answer.request["PATH_INFO"] + (f"?{query}" if query else "")
        self.url += f"#{fragment}" if fragment else ""
        self.status = answer.status_code
        self.page = BeautifulSoup(answer.content, "html.parser")
        self.response = answer
        return self

    def _named(self, what, selector, name, inside):
        found = (inside or self.page).select(selector)
        for each in found:
            if _is_named(each, name) and not _is_hidden(each):
                return each
        names = [_name(each) for each in found]
        raise AssertionError(f"no {what} named {name!r} on {self.url}, but {names}")

    def _form_of(self, element):
        form = element.get("form")
        found = self.page.find(id=form) if form else element.find_parent("form")
        assert found, f"in no form: {element}"
        return found

    def _held(self, form):
        """Return what the fields of a form would send."""
        mine = form.select("input, textarea, select")
        if form.get("id"):
            mine += self.page.select(f":is(input, textarea, select)[form='{form['id']}']")
        data = []
        for field in mine:
            if field.get("name") and not field.has_attr("disabled"):
                data += [(field["name"], value) for value in _values(field)]
        return data


def _values(field):
    if field.name == "textarea":
        return [field.text.removeprefix("\n")]
    if field.name == "select":
        options = field.select("option")
        chosen = [each for each in options if each.has_attr("selected")]
        if not chosen and not field.has_attr("multiple"):
            chosen = options[:1]
        return [each.get("value", _words(each)) for each in chosen]
    kind = field.get("type", "text")
    if kind in {"checkbox", "radio"}:
        return [field.get("value", "on")] if field.has_attr("checked") else []
    pressed = {"submit", "button", "image", "reset", "file"}
    return [] if kind in pressed else [field.get("value", "")]


def _lists(pairs):
    found = {}
    for name, value in pairs or []:
        found.setdefault(name, []).append(value)
    return found


def _words(element):
    return re.sub(r"\s+", " ", element.get_text().replace("\xa0", " ")).strip()


def _name(element):
    return element.get("aria-label") or _words(element) or element.get("value", "")


def _is_hidden(element):
    return element.has_attr("hidden") or element.find_parent(hidden=True) is not None


def _is_named(element, name):
    return name.lower() in _name(element).lower()
