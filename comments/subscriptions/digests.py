"""What is in the digests of subscribers, read for a batch of them in a few queries."""

from datetime import datetime

from accounts.mail.mailboxes import addresses_of, recipient_keys_at_each
from accounts.models import Mail
from accounts.text.email_normalization import email_key
from comments.models import Comment, DigestEntry, Subscription
from comments.subscriptions import fan_out, subscribe


class DigestsAhead:
    """The contents of a batch of digests. ``rows`` are the arguments of its mails."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        keys = {row["follower"] for row in rows}
        self.subscribers = subscribe.subscribers(keys)
        self._emails = addresses_of(keys)
        entries = DigestEntry.objects.filter(
            follower__in=keys, due_at__in={datetime.fromisoformat(row["at"]) for row in rows}
        )
        self._entries = {}
        for follower, due_at, comment in entries.values_list("follower", "due_at", "comment"):
            self._entries.setdefault((follower, due_at), set()).add(comment)
        comments = Comment.objects.with_names().select_related("post", "content_note")
        comments = comments.filter(pk__in=set().union(*self._entries.values()))
        self._comments = list(comments.order_by("approved_at", "pk"))
        self._states = {each.pk: fan_out.state_of(each) for each in self._comments}
        self._covering = fan_out.covering(self._comments, keys)
        self._earlier = self._of_same_mailboxes(keys)
        self._mailed = self._sent_at_once()

    def subscription(self, follower: str, comment: Comment) -> Subscription | None:
        """Return the subscription by which a comment is in somebody's digest."""
        return self._covering.get((follower, comment.pk))

    def comments(self, follower: str, at: datetime) -> list[Comment]:
        """Return the visible comments of a subscriber's digest that was due ``at``, oldest first.

        Without what the same mailbox got at once or by an earlier digest. Those hidden at the
        moment move into the next digest.
        """
        if follower not in self.subscribers:
            return []
        own = self._entries.get((follower, at), set())
        mine = [comment for comment in self._comments if comment.pk in own]
        self._move_on(follower, at, mine)
        return [
            comment
            for comment in mine
            if self._states[comment.pk] == fan_out.SHOWN
            and self.subscription(follower, comment)
            and not self._is_told(follower, at, comment.pk)
        ]

    def _move_on(self, follower, at, comments):
        waiting = [each.pk for each in comments if self._states[each.pk] == fan_out.WAITS]
        if waiting:
            later = DigestEntry.objects.filter(follower=follower, due_at=at, comment__in=waiting)
            due_at = fan_out.next_digest(Subscription.Rhythm.DAILY)
            later.update(due_at=due_at, posted_at=None)

    def _is_told(self, follower, at, comment):
        email = self._emails[follower]
        if not email or fan_out.once_key(comment, email) in self._mailed:
            return True
        others = self._earlier.get((email_key(email), comment), ())
        return any(
            (due_at, other) < (at, follower) for due_at, other in others if other != follower
        )

    def _of_same_mailboxes(self, keys):
        """Return ``{(email_key, comment): [(due_at, follower)]}`` of all digests to mailboxes."""
        found = {}
        same = recipient_keys_at_each({email for email in self._emails.values() if email})
        boxes = {key: email_key(email) for email, of_one in same.items() for key in of_one}
        active = Subscription.objects.active().filter(follower__in=boxes)
        entries = DigestEntry.objects.filter(
            follower__in=active.values("follower"), comment__in=list(self._states)
        )
        for other, due_at, comment in entries.values_list("follower", "due_at", "comment"):
            found.setdefault((boxes[other], comment), []).append((due_at, other))
        return found

    def _sent_at_once(self):
        once = {
            fan_out.once_key(comment, email)
            for follower, email in self._emails.items()
            for (key, _at), comments in self._entries.items()
            if email and key == follower
            for comment in comments
        }
        return set(Mail.objects.filter(once__in=once).values_list("once", flat=True))
