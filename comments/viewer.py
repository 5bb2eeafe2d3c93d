"""Who is reading: the small value that the rules ask, instead of a web request."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True)
class Viewer:
    """A reader. ``own`` holds the keys of comments that this browser wrote as a guest."""

    user: Any = field(default_factory=AnonymousUser)
    own: frozenset[int] = frozenset()

    @property
    def is_stranger(self):
        """Whether everybody of this kind may be shown the same page."""
        return not self.user.is_authenticated and not self.own

    def wrote(self, key, user_id):
        """Return whether the comment of this key, by this account or none, is the viewer's own."""
        return key in self.own or (user_id is not None and user_id == self.user.pk)
