"""One run on one database: which requests go to which server, in which order.

Ceilings and pages are measured in turn on servers that run side by side, so that other load on the
machine affects all of them. Writing comes last, as it changes pages.
"""

import gzip
import json
import re
import sys
import time
import urllib.error
from urllib.parse import urlencode

from bench import ceilings, content, load, measure, processes, queries
from bench.stage import Stage, get

READERS = 8
NOT_MODIFIED = 304
WARMING = 24  # requests before a measurement, to warm up every thread of every worker
MORE = re.compile(rb'"(/comments/\d+/after/\d+/)[?"]')
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
# The words of the search occur in a good part of all posts.
LISTS = {
    "home": "/",
    "tag": f"/tags/{content.TAG}/",
    "feed": "/feed/",
    "JSON feed": "/feed/json/",
    "feed of a tag": f"/tags/{content.TAG}/feed/",
    "feed of comments": "/comments/feed/",
    "sitemap": "/sitemap.xml",
    "archive": "/archive/",
    "search": "/search/?q=lamp+pears",
    "search of posts": "/search/?q=lamp+pears&without=comment",
}
FORM_MARK = re.compile(rb'name="mark" value="([^"]+)"')
OPEN_FOR = 4  # seconds between opening and sending a form; see comments/spam/form_checks.py
WORDS = "The lamp at the door was on, and somebody had left a basket of pears. MARK"


class Run:
    """One run of the benchmark; the results are in ``rows``, ``memory`` and ``facts``."""

    def __init__(self, stage: Stage, sizes, seconds, tool, say, requests=100_000):
        """``requests``: after how many more, at least, the memory of workers has to be the same."""
        self.stage, self.sizes, self.seconds, self.requests = stage, sizes, seconds, requests
        self.tool, self.say = tool, say
        self.rows, self.asks, self.memory, self.facts = [], {}, {}, {}
        self.middle = min(1000, max(sizes))

    def all(self) -> dict:
        """Build, serve and measure; return the results as plain values for JSON."""
        self.build()
        self.hearth = self.stage.hearth()
        self.memory["start"] = self.hearth.memory()
        self.look_around()
        self.start_ceilings()
        self.measure_ceilings()
        self.measure_readers()
        self.measure_cold()
        self.measure_ceilings()
        self.measure_writers()
        self.memory["used"] = self.hearth.memory()
        self.read_on()
        self.memory["after"] = self.hearth.memory()
        self.count_queries()
        return {"rows": self.rows, "memory": self.memory, "facts": self.facts}

    # -- preparing -------------------------------------------------------------------------------

    def build(self):
        self.say("filling the database")
        began = time.monotonic()
        command = [sys.executable, "-m", "bench.content", self.stage.folder, *self.sizes]
        output = processes.finish(command, environment=self.stage.environment(1))
        made = json.loads(output.strip().splitlines()[-1])
        for name in ("posts", "targets"):
            made[name] = {int(k) if k.isdecimal() else k: v for k, v in made[name].items()}
        self.site = content.Site(**made)
        self.facts |= {
            "sqlite": not self.stage.postgres,
            "comments": self.site.comments,
            "posts": self.site.library,
            "building_seconds": round(time.monotonic() - began, 1),
            "largest_rendering_seconds": round(self.site.rendering, 1),
            "largest_indexing_seconds": round(self.site.indexing, 1),
            "largest_loading_seconds": round(self.site.loading, 1),
        }

    def look_around(self):
        """Request every path a few times, so that nothing is measured cold."""
        self.paths = {size: f"/posts/{slug}/" for size, slug in self.site.posts.items()}
        self.paths |= LISTS
        for _ in range(12):
            for path in self.paths.values():
                get(self.hearth.port, path, Accept_Encoding="gzip")
                get(self.hearth.port, path, Cookie=self.site.cookies[0])
        headers, page = get(self.hearth.port, self.paths[self.middle], Accept_Encoding="gzip")
        self.etag = headers["ETag"]
        self.body = self.stage.folder / ceilings.STATIC_NAME
        self.body.write_bytes(page)
        static = self.stage.folder / "static"
        (static / ceilings.STATIC_NAME).write_bytes(gzip.decompress(page))
        (static / f"{ceilings.STATIC_NAME}.gz").write_bytes(page)
        self.facts["page_bytes"] = len(gzip.decompress(page))
        self.memory["before"] = self.hearth.memory()

    def start_ceilings(self):
        slug = self.site.posts[self.middle]
        self.wsgi = self.stage.ceiling("wsgi", self.body, slug)
        self.django = self.stage.ceiling("django", self.body, slug)
        self.cold = self.stage.uncached()
        self.changed = self.stage.after_comment()

    # -- reading ---------------------------------------------------------------------------------

    def measure_ceilings(self):
        """Measure the ceilings: before and after the pages, as the report takes the mean."""
        self.read("wsgi", None, self.wsgi, ceilings.ADDRESS)
        self.read("django", None, self.django, ceilings.ADDRESS)
        self.read("static", None, self.django, f"/static/{ceilings.STATIC_NAME}")

    def measure_readers(self):
        for size in self.sizes:
            self.read("hot", size, self.hearth, self.paths[size])
        known = {"If-None-Match": self.etag}
        self.read("304", self.middle, self.hearth, self.paths[self.middle], headers=known)
        for name in LISTS:
            self.read(name, None, self.hearth, self.paths[name])
        for size in sorted({self.middle, max(self.sizes)}):
            _, page = get(self.hearth.port, self.paths[size])
            if found := MORE.search(page):
                self.read("fragment", size, self.hearth, found[1].decode())
        for size in self.sizes:
            cookies = tuple(self.site.cookies[:1])
            self.read("reader", size, self.hearth, self.paths[size], cookies=cookies)

    def measure_cold(self):
        for size in self.sizes:
            self.read("cold", size, self.cold, self.paths[size])
            self.read("after comment", size, self.changed, self.paths[size])

    def read(self, what, size, server, path, headers=None, cookies=()):
        ask = load.Ask((path,), headers or {}, cookies)
        for _ in range(WARMING):
            get(server.port, path, Cookie="".join(cookies), Accept_Encoding="gzip")
        asked = {"path": path, "cookie": "".join(cookies)}
        if headers:
            asked["known"] = self.etag
            length = _of_unchanged(server.port, path, headers)
        else:
            sent = {"Cookie": cookies[0]} if cookies else {}
            length = len(get(server.port, path, Accept_Encoding="gzip", **sent)[1])
        if what not in {"wsgi", "django", "static"}:
            self.asks[what, size] = asked
        self.record(what, size, length, server, [(ask, READERS)])

    # -- writing ---------------------------------------------------------------------------------

    def measure_writers(self):
        asks = {size: self.replies(size) for size in [*self.sizes, content.BUSY]}
        # A form sent faster is held as spam, which costs less than publishing.
        time.sleep(OPEN_FOR)
        for size in self.sizes:
            self.write("reply", size, asks[size], 1)
        for size in self.sizes:
            self.write("8 writers", size, asks[size], content.WRITERS)
        ask = asks[content.BUSY]
        page = load.Ask((f"/posts/{content.BUSY}/",))
        pair = [(page, READERS), (ask, content.WRITERS)]
        self.record(("busy readers", "busy writers"), self.middle, None, self.hearth, pair)

    def write(self, what, size, ask, writers):
        self.asks[what, size] = {
            "path": ask.paths[0],
            "cookie": ask.cookies[0],
            "form": ask.forms[0],
        }
        self.record(what, size, None, self.hearth, [(ask, writers)])

    def replies(self, key: int | str) -> load.Ask:
        """Return the ``Ask`` that submits the reply form as users who are signed in."""
        paths = tuple(f"/comments/{pk}/reply/" for pk in self.site.targets[key])
        cookies, forms = [], []
        for session in self.site.cookies:
            headers, page = get(self.hearth.port, paths[0], Cookie=session)
            cookies.append(f"{session}; {headers['Set-Cookie'].partition(';')[0]}")
            token = TOKEN.search(page)[1].decode()
            words = {"csrfmiddlewaretoken": token, "submission": "MARK", "body": WORDS}
            words["mark"] = FORM_MARK.search(page)[1].decode()
            forms.append(urlencode(words))
        return load.Ask(paths, {}, tuple(cookies), tuple(forms))

    def read_on(self):
        """Let readers, with and without an account, go on for ``requests`` requests."""
        paths = [self.paths[name] for name in self.paths if name != "search"]
        asks = load.Ask(tuple(paths)), load.Ask(tuple(paths), {}, tuple(self.site.cookies))
        asked = 0
        while asked < self.requests:
            for ask, count in zip(asks, (READERS, 1), strict=True):
                asked += self.start(self.hearth, ask, count)().requests
        self.facts["requests"] = asked

    # -- measuring -------------------------------------------------------------------------------

    def record(self, what, size, length, server, asks):
        """Run these asks concurrently and add a row for each, with its share of the CPU time."""
        before = self.cpu(server)
        waits = [self.start(server, ask, count) for ask, count in asks]
        found = [wait() for wait in waits]
        after = self.cpu(server)
        total = sum(answered.requests for answered in found) or 1
        app, database = (
            measure.spent(*pair) * 1000 / total for pair in zip(before, after, strict=True)
        )
        names = what if isinstance(what, tuple) else (what,)
        for name, answered in zip(names, found, strict=True):
            row = {
                "what": name,
                "comments": size,
                "rate": answered.rate,
                "p50": answered.p50,
                "p99": answered.p99,
                "cpu": app + database,
                "cpu_database": database,
                "bytes": length,
                "queries": None,
                "requests": answered.requests,
                "errors": answered.errors,
            }
            self.rows.append(row)
            self.say(
                f"{name:<13}{size or '':>7} {answered.rate:>9.0f}/s {row['cpu']:>8.3f} ms"
                f"{'' if not answered.errors else f'  {answered.errors} errors'}"
            )

    def start(self, server, ask, count):
        return load.start(server.port, ask, count, self.seconds, self.tool, self.stage.folder)

    def cpu(self, server):
        return measure.cpu(server.pids()), measure.cpu(self.stage.database_pids())

    def count_queries(self):
        """Fill in the query counts, from a separate process, as counting distorts the timing."""
        elsewhere = {"cold": "bench.uncached", "after comment": "bench.after_comment"}
        found = self._counted("", lambda what: what not in elsewhere)
        for name, module in elsewhere.items():
            found |= self._counted(module, lambda what, name=name: what == name)
        for row in self.rows:
            row["queries"] = found.get(f"{row['what']} {row['comments']}")

    def _counted(self, settings, wanted):
        asks = {f"{what} {size}": ask for (what, size), ask in self.asks.items() if wanted(what)}
        path = self.stage.folder / "asks.json"
        path.write_text(json.dumps(asks))
        more = {"DJANGO_SETTINGS_MODULE": settings} if settings else {}
        environment = self.stage.environment(self.hearth.port, **more)
        output = processes.finish(
            [sys.executable, "-m", queries.__name__, path], environment=environment
        )
        return json.loads(output.strip().splitlines()[-1])


def _of_unchanged(port, path, headers):
    """Return the body length of a 304 response. Raises RuntimeError if the page has changed."""
    try:
        get(port, path, **headers)
    except urllib.error.HTTPError as answer:
        if answer.code == NOT_MODIFIED:
            return len(answer.read())
        raise
    raise RuntimeError(f"{path} is answered as if it had changed.")
