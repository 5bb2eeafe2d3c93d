"""Accounts for the authors of an imported blog, which nobody can take over.

Such an account has no password, no e-mail address and no permissions: signing up with the old
address or resetting a password leads to another account or to none. The owner may give it an
address in the admin.
"""

import re
import unicodedata

from django.contrib.auth import get_user_model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.refusal import Refused
from blog.import_loader.report import Report
from blog.importers.records import Author, Comment
from blog.importers.survey import Survey, login_key
from blog.models import Post

NOT_IN_NAMES = re.compile(r"[^\w.+-]+")
MAX_USERNAME, MAX_NAME = 140, 80


class People:
    """The accounts of an export's authors; call ``load`` first, which finds or creates them."""

    def __init__(
        self, survey: Survey, report: Report, mapping: dict[str, str] | None = None
    ) -> None:
        """``mapping`` is ``{login: user name here}``. Raises Refused if either is unknown."""
        self._survey, self._report, self._source = survey, report, survey.source
        self._mapped = dict(self._checked(*pair) for pair in (mapping or {}).items())
        self._by_id = {each.author_id: key for key, each in survey.authors.items()}
        self._by_email = {each.email.casefold(): key for key, each in survey.authors.items()}
        self._accounts = {}

    def load(self) -> None:
        """Find or create an account for each declared author and each author of a post."""
        for key in {**self._survey.authors, **self._survey.writers}:
            self._report.count("people", "found")
            account = self._mapped.get(key) or self._account(key)
            self._report.count("people", "here" if account else "new")
            self._accounts[key] = account or self._make(key)

    def of_login(self, creator: str) -> int:
        """Return the key of the account for a login of the export."""
        return self._accounts[login_key(creator)]

    def writer_of(self, comment: Comment) -> str | None:
        """Return the login key of the author who wrote this comment while signed in, or None."""
        if comment.user_id == 0:
            return None
        key = self._by_id.get(comment.user_id)
        return key if key is not None else self._by_email.get(comment.email.casefold() or None)

    def _checked(self, login, username):
        key = login_key(login)
        if key not in self._survey.authors and key not in self._survey.writers:
            raise Refused(gettext("--author: no one in this export has the login %s.") % login[:80])
        users = get_user_model().objects.named(username)
        if (user := users.values_list("pk", flat=True).first()) is None:
            raise Refused(gettext("--author: no account here has the username %s.") % username[:80])
        return key, user

    def _account(self, key):
        """Return the account of an earlier import, even if ``--author`` chose it then."""
        users = get_user_model().objects.filter(source=self._source, source_id=key or "-")
        found = users.values_list("pk", flat=True).first()
        if found is None and key in self._survey.writers:
            ids = [str(post) for post in self._survey.writers[key][1]]
            posts = Post.objects.filter(source=self._source, source_id__in=ids).order_by("pk")
            found = posts.values_list("author", flat=True).first()
        return found

    def _make(self, key):
        written = self._survey.writers.get(key, ("", []))[0]
        author = self._survey.authors.get(key) or Author(written.strip("<> "), "", "")
        name = _without_address(author.display_name or author.login)[:MAX_NAME]
        user = get_user_model()(
            username=_free_username(author.login),
            display_name=name or gettext("Unknown author"),
            source=self._source,
            source_id=key or "-",
        )
        user.set_unusable_password()
        user.save()
        if user.username.casefold() != key:
            self._report.problem(
                _("People given a different username"), f"{author.login[:80]} → {user.username}"
            )
        return user.pk


def _without_address(name):
    """Return a name; of an e-mail address only the local part, since names are public."""
    return name.partition("@")[0] if "@" in name.strip("@") else name


def _free_username(login):
    users = get_user_model().objects
    name = unicodedata.normalize("NFKC", _without_address(login))
    base = name = NOT_IN_NAMES.sub("-", name).strip("-.")[:MAX_USERNAME] or "author"
    number = 2
    while users.named(name).exists():
        name, number = f"{base}-{number}", number + 1
    return name
