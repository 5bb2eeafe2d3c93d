"""No statement of a request takes for ever; what a visitor started is ended with a sentence."""

import pytest
from django.db import OperationalError, connection

from blog.database import statement_limits
from blog.fulltext import backends

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases("blog.database.statement_limits", "blog.views"),
]
ENDLESS = (
    "WITH RECURSIVE endless(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless "
    "WHERE n < 2000000000) SELECT count(*), 1 = 1 FROM endless"
)


@pytest.fixture
def limited(settings):
    """The test's own connection, bounded as those of a process that serves."""
    settings.STATEMENT_SECONDS = 1
    connection.close()
    connection.connect()
    statement_limits.limit(connection)
    yield
    connection.close()
    connection.execute_wrappers.clear()


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def test_an_endless_statement_ends_and_the_connection_goes_on(limited):
    for _ in range(2):
        with pytest.raises(OperationalError) as ended:
            run(ENDLESS)
        assert statement_limits.was_ended(ended.value)
    assert run("SELECT 7") == (7,)


def test_many_short_statements_are_no_long_one(limited):
    short = ENDLESS.replace("2000000000", "200000")
    for _ in range(12):  # together more than the bound of SQLite
        assert run(short)[0] == 200_000


def test_other_trouble_of_the_database_is_not_taken_for_it(limited):
    assert not statement_limits.was_ended(OperationalError("no such table"))


def test_a_search_that_takes_too_long_says_so_and_keeps_the_words(client, limited, monkeypatch):
    endless = backends.Select(ENDLESS, [], 1)
    monkeypatch.setattr(backends.backend(), "of_posts", lambda query: endless)
    answer = client.get("/search/?q=some+words&without=comment")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "took too long and was stopped" in answer.text
    assert 'value="some words"' in answer.text
    assert 'value="comment" checked' in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_a_search_that_fails_otherwise_is_still_an_error(client, limited, monkeypatch):
    def broken(query):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(backends.backend(), "of_posts", broken)
    client.raise_request_exception = False
    assert client.get("/search/?q=some+words").status_code >= 500
    assert "took too long" not in client.get("/search/?q=some+words").text


LOOK = """
import django, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
{setup}
from django.db import OperationalError, connection
from blog.database import statement_limits
with connection.cursor() as cursor:
    try:
        cursor.execute({sql!r})
        print("went on")
    except OperationalError as error:
        print("ended", statement_limits.was_ended(error))
"""


@pytest.mark.parametrize(
    ("setup", "seconds", "said"),
    [
        ("import config.wsgi", 1, "ended True"),
        ("import config.wsgi", 0, "went on"),
        ("django.setup()", 1, "went on"),
    ],
)
def test_only_a_process_that_serves_is_bounded(hearth, data_folder, setup, seconds, said):
    sql = ENDLESS.replace("2000000000", "1000000")
    code = LOOK.format(setup=setup, sql=sql)
    done = hearth(
        "-c", code, DATA_DIR=data_folder, DEBUG="off", SITE_URL="http://127.0.0.1:8000",
        STATEMENT_SECONDS=seconds,
    )  # fmt: skip
    assert done.stdout.strip().endswith(said), done.stderr
