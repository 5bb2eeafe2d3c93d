"""`manage.py setup` creates the owner and names the blog, completely or not at all."""

import getpass
import io
import sys

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from blog.models import Blog
from tests.conftest import PASSWORD

pytestmark = pytest.mark.both_databases("blog.management.commands.setup")

OPTIONS = {"username": "olga", "email": "Olga@example.org", "no_input": True}


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv("HEARTH_OWNER_PASSWORD", PASSWORD)


@pytest.fixture
def run(db):
    """A function that runs the command and returns what it said."""

    def start(**options):
        out = io.StringIO()
        call_command("setup", stdout=out, stderr=out, **(OPTIONS | options))
        return out.getvalue()

    return start


@pytest.fixture
def terminal(monkeypatch):
    """A function that sits at a terminal with these answers; returns the questions asked."""

    def sit(*answers, passwords=(PASSWORD, PASSWORD)):
        asked, said, typed = [], list(answers), list(passwords)

        def answer(question):
            asked.append(question)
            if not said:
                raise KeyboardInterrupt
            return said.pop(0)

        monkeypatch.delenv("HEARTH_OWNER_PASSWORD")
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr(getpass, "getpass", lambda prompt: typed.pop(0))
        return asked

    return sit


def nothing_written():
    return not User.objects.exists() and Blog.get().title == "Hearth"


def test_the_owner_may_do_everything_and_has_a_verified_address(run):
    run()
    olga = User.objects.get()
    assert (olga.username, olga.email) == ("olga", "olga@example.org")
    assert olga.is_superuser
    assert olga.is_staff
    assert olga.has_verified_address()
    assert olga.emailaddress_set.get().primary


def test_the_owner_can_sign_in_at_once(run, sign_in, client):
    run()
    sign_in("olga@example.org")
    assert client.get("/admin/").status_code == 200


def test_the_blog_gets_its_name_and_says_where_it_is(run):
    said = run(
        title="Letters by the lake", tagline="Slowly", language="de", time_zone="Europe/Vienna"
    )
    blog = Blog.get()
    assert (blog.title, blog.tagline) == ("Letters by the lake", "Slowly")
    assert (blog.language, blog.time_zone) == ("de", "Europe/Vienna")
    assert "http://localhost/account/login/" in said


def test_the_password_may_come_from_a_file(run, monkeypatch, tmp_path):
    monkeypatch.delenv("HEARTH_OWNER_PASSWORD")
    (tmp_path / "password").write_text("a slow boat on the lake\n")
    run(password_file=str(tmp_path / "password"))
    assert User.objects.get().check_password("a slow boat on the lake")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "olga the owner"}, "--username: Enter a valid username"),
        ({"username": None}, "--username: This field cannot be blank"),
        ({"email": "olga"}, "--email: Enter a valid email address"),
        ({"email": None}, "--email: An email address is required"),
        ({"title": ""}, "--blog-title: This field cannot be blank"),
        ({"title": "x" * 201}, "--blog-title: Ensure this value has at most 200"),
        ({"language": "English, please"}, "--language: This isn’t a language code."),
        ({"time_zone": "Lake/Shore"}, "--time-zone: Unknown time zone"),
        ({"password_file": "there/is/none"}, "The password file can’t be read:"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "said",
)
def test_a_wrong_answer_gets_one_sentence_and_nothing_is_written(run, wrong, said):
    with pytest.raises(CommandError) as refusal:
        run(**wrong)
    assert str(refusal.value).startswith(said)
    assert refusal.value.returncode == 1
    assert nothing_written()


@pytest.mark.parametrize("password", ["short", "1234567890123", "password1234", "olga@example.org"])
def test_a_password_that_is_easy_to_guess_is_refused(run, monkeypatch, password):
    monkeypatch.setenv("HEARTH_OWNER_PASSWORD", password)
    with pytest.raises(CommandError, match="password"):
        run()
    assert nothing_written()


def test_without_a_password_nothing_is_created(run, monkeypatch):
    monkeypatch.delenv("HEARTH_OWNER_PASSWORD")
    with pytest.raises(CommandError, match="A password is required"):
        run()
    assert nothing_written()


def test_a_second_run_refuses_politely_and_changes_nothing(run):
    run(title="Letters by the lake")
    with pytest.raises(CommandError, match="This blog already has an owner: olga"):
        run(title="Something else")
    assert User.objects.count() == 1
    assert Blog.get().title == "Letters by the lake"


def test_another_owner_is_created_on_request_and_the_blog_keeps_its_name(run):
    run(title="Letters by the lake")
    run(another=True, username="paul", email="paul@example.org")
    assert User.objects.filter(is_superuser=True).count() == 2
    assert Blog.get().title == "Letters by the lake"


@pytest.mark.parametrize(
    ("username", "email", "said"),
    [
        ("OLGA", "paul@example.org", "--username: This username is taken"),
        ("paul", "OLGA@example.org", "--email: Another account already uses this email address"),
    ],
)
def test_another_owner_is_another_person(run, username, email, said):
    run()
    with pytest.raises(CommandError, match=said):
        run(another=True, username=username, email=email)
    assert User.objects.count() == 1


def test_a_reader_keeps_their_account(run, bob):
    with pytest.raises(CommandError, match="This username is taken"):
        run(username="Bob")
    bob.refresh_from_db()
    assert not bob.is_superuser


def test_at_a_terminal_it_asks_and_asks_again(run, terminal):
    asked = terminal(
        "olga the owner", "olga", "olga@example.org", "Letters", "", "english!", "en", ""
    )
    said = run(username=None, email=None, no_input=False)
    assert len(asked) == 8
    assert "Enter a valid username" in said
    assert "This isn’t a language code." in said
    assert User.objects.get().check_password(PASSWORD)
    assert (Blog.get().title, Blog.get().time_zone) == ("Letters", "UTC")


def test_at_a_terminal_two_passwords_that_differ_are_asked_for_again(run, terminal):
    terminal("", "", "", "", passwords=(PASSWORD, "another", "short", PASSWORD, PASSWORD))
    assert "The passwords didn’t match." in run(no_input=False)
    assert User.objects.get().check_password(PASSWORD)


def test_an_interrupted_run_leaves_nothing_behind(run, terminal):
    terminal("Letters")
    with pytest.raises(CommandError, match=r"Cancelled\. Nothing was changed"):
        run(no_input=False)
    assert nothing_written()


def test_a_failure_at_the_last_step_rolls_everything_back(run, monkeypatch):
    from allauth.account.models import EmailAddress

    def fail(**fields):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(EmailAddress.objects, "create", fail)
    with pytest.raises(RuntimeError):
        run(title="Letters by the lake")
    assert nothing_written()


def test_without_a_terminal_it_asks_nothing(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("someone\n"))
    with pytest.raises(CommandError, match="--username"):
        run(username=None, no_input=False)
