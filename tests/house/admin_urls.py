"""The admin's URLs as the resolver knows them, the table of docs/roles.md, and actual responses.

A line of the table names a URL with ``<...>`` for a row in it. ``<key>`` is a row of the model
whose URL it is, ``<comment>`` (or any model's name) a row of that model, ``<kind of comment>``
its content type, ``<own>`` and ``<another's>`` a row that belongs to the requesting person or to
another. ``{a,b}`` stands for several URLs."""

import re
from itertools import product

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

ROLES = ["author", "moderator", "both", "owner", "reader", "stranger"]
OPEN, ON, SIGN_IN = "open", "redirects", "sign in"
# An old form of Django's own URLs, which redirects to the page of that row.
OLD_FORM = re.compile(r"/admin/[a-z]+/[a-z]+/<>/")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def shape(address):
    """Return the normal form of a URL, the same from the resolver and from the table."""
    return re.sub(r"<[^<>]*>", "<>", address)


def routes(patterns, before="/"):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from routes(pattern.url_patterns, route)
        elif pattern.name == "app_list":
            for label in re.search(r">([\w|]+)\)", route)[1].split("|"):
                yield f"/admin/{label}/"
        elif "(?P<url>" in route:
            yield "/admin/<anything else>"
        else:
            yield route


def addresses():
    """Return the shapes of all URLs of the admin, each once, in the order of the resolver."""
    found = [shape(route) for route in routes(get_resolver().url_patterns)]
    own = (route for route in found if route.startswith("/admin/"))
    return list(dict.fromkeys(route for route in own if not OLD_FORM.fullmatch(route)))


def table(text):
    """Return ``{(method, address): {role: outcome}}`` of the table in a Markdown text."""
    found = {}
    for line in re.findall(r"^\| `((?:POST )?/admin/[^`]*)` \| (.+) \|$", text, re.MULTILINE):
        method = "POST" if line[0].startswith("POST ") else "GET"
        written = line[0].removeprefix("POST ")
        cells = dict(zip(ROLES, (cell.strip() for cell in line[1].split("|")), strict=True))
        for address in expanded(written):
            assert (method, address) not in found, f"{address} stands there twice"
            found[method, address] = cells
    return found


def expanded(written):
    """Return the URLs that a line stands for."""
    parts = [part.split(",") for part in re.split(r"[{}]", written)]
    if "{" not in written:
        return [written]
    return ["".join(choice) for choice in product(*parts)]


class World:
    """A person of each role, and at least one row of each model that the admin shows."""

    def __init__(self, people, posts):
        self.people, self.posts, self.browsers = people, posts, {}

    def browser(self, role, anew=False):
        """Return the signed-in client of a role, always the same; a new one for signing out."""
        if anew or role not in self.browsers:
            client, person = Client(), self.people[role]
            if person:
                client.force_login(person, backend=BACKEND)
            if anew:
                return client
            self.browsers[role] = client
        return self.browsers[role]

    def asked(self, role, method, address):
        """Return what a URL answers to a role: OPEN, ON, SIGN_IN, or the status."""
        client = self.browser(role, anew="logout" in address)
        answer = getattr(client, method.lower())(self.filled(address, role))
        if answer.status_code == 302 and answer["Location"].startswith("/admin/login/"):
            answer = client.get(answer["Location"])
        if answer.status_code in {301, 302}:
            return SIGN_IN if answer["Location"].startswith("/account/login/") else ON
        return OPEN if answer.status_code == 200 else str(answer.status_code)

    def filled(self, address, role):
        """Return the URL with keys filled in."""
        model = re.match(r"/admin/([a-z]+)/([a-z]*)", address)

        def key(match):
            name = match[1]
            if name in {"own", "another's"}:
                return str(self.of(role if name == "own" else "another's", model[2]).pk)
            if name == "key":
                return str(one_of(apps.get_model(*model.groups())).pk)
            if name == "anything else":
                return "nothing-stands-here/"
            kind, name = name.startswith("kind of "), name.removeprefix("kind of ")
            named = [each for each in apps.get_models() if each._meta.model_name == name]
            assert len(named) == 1, f"<{name}> in {address} is no name of a model"
            found = ContentType.objects.get_for_model(named[0]) if kind else one_of(named[0])
            return str(found.pk)

        return re.sub(r"<([^<>]*)>", key, address)

    def of(self, whose, model):
        """Return a row that belongs to this person: their duty settings, else a post."""
        person = self.people.get(whose) or self.posts["another's"].author
        if model == "dutypreference":
            return apps.get_model("comments", model).objects.get_or_create(user=person)[0]
        return self.posts[whose]


def one_of(model):
    found = model._default_manager.first()
    assert found, f"There is no row of {model.__name__}: make one in the fixture `world`"
    return found
