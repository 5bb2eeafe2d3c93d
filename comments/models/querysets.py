"""The queryset of comments: which of them are public, and the annotations that pages need."""

from typing import Self

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from blog.models import Post
from comments.models.reactions import Reaction
from comments.models.settings import ConversationSettings
from comments.tree import guards
from comments.tree.status import APPROVED, Status


class CommentQuerySet(guards.GuardedQuerySet):
    def approved(self) -> Self:
        """Return the comments that readers see, unless the conversation is hidden."""
        return self.filter(APPROVED)

    def public(self, settings: ConversationSettings | None = None) -> Self:
        """Return approved comments of shown conversations, for lists over many posts.

        Reads ``settings`` unless given.
        """
        # EXISTS for each comment, and not a list of posts: with a list, SQLite collects all the
        # comments of these posts to find the newest few.
        settings = settings or ConversationSettings.get()
        hidden = Q(comment_mode=Post.CommentMode.HIDDEN)
        usual = Q(comment_mode=Post.CommentMode.DEFAULT)
        if settings.usual_mode is not Post.CommentMode.HIDDEN:
            usual &= Q(kind=Post.Kind.PAGE)
        posts = Post.objects.public().exclude(hidden | usual)
        return self.approved().filter(Exists(posts.filter(pk=OuterRef("post"))))

    def listed(self) -> Self:
        """Return public comments on posts that lists show: for feeds, search and profiles."""
        posts = Post.objects.published().filter(pk=OuterRef("post"))
        return self.public().filter(Exists(posts))

    def newest(self) -> Self:
        """Return the comments that were ever approved, the newest of these first."""
        return self.filter(approved_at__isnull=False).order_by("-approved_at", "-pk")

    def threads_of(self, post: Post | int) -> Self:
        """Return the roots of the threads of a post that have a visible comment."""
        # Only roots have a number, and every root of a thread with visible comments has one.
        return self.filter(post=post, number__isnull=False, visible_count__gt=0)

    def named(self, post: Post, number: int) -> Model | None:
        """Return the comment of a post with this key, or with it in its source, or None.

        It may be hidden, if there is no visible one.

        Comments imported with a post have the same source as it; source and key are unique.
        """
        here = self.filter(post=post).select_related("post")
        found = [here.filter(pk=number).first()]
        if post.source:
            found.append(here.filter(source=post.source, source_id=str(number)).first())
        return min(filter(None, found), key=lambda each: not each.is_visible, default=None)

    def with_names(self) -> Self:
        """Annotate and join what ``writer_name`` and avatars need."""
        row = ConversationSettings.objects
        return self.select_related("user").annotate(
            word=Subquery(row.values("reader_word")[:1]),
            avatar_key=Subquery(row.values("avatar_key")[:1]),
        )

    def with_support(self) -> Self:
        """Annotate ``supported``: whether a comment has reactions."""
        return self.annotate(supported=Exists(Reaction.objects.filter(comment=OuterRef("pk"))))

    def with_lock(self) -> Self:
        """Annotate ``locked``: whether a comment's thread takes no replies."""
        roots = QuerySet(self.model).filter(pk=OuterRef("tree_id"))
        return self.annotate(locked=Exists(roots.filter(locked_at__isnull=False)))

    def pending_by(self, user: User, post: Post) -> Self:
        """Return the pending comments of an account on a post."""
        return self.filter(user=user, post=post, status=Status.PENDING)
