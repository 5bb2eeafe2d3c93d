"""The querysets of comments, one method for each rule."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from blog.models import Post
from comments.models.reactions import Reaction
from comments.models.settings import ConversationSettings
from comments.tree import guards
from comments.tree.status import Status


class CommentQuerySet(guards.GuardedQuerySet):
    def approved(self):
        """Comments that readers see when they see the conversation."""
        return self.filter(status=Status.APPROVED)

    def public(self, settings=None):
        """Approved comments whose conversation is shown: feeds and other lists over many posts.

        ``settings``: the row of ``ConversationSettings`` where it was read already.
        """
        settings = settings or ConversationSettings.get()
        hidden = Q(comment_mode=Post.CommentMode.HIDDEN)
        usual = Q(comment_mode=Post.CommentMode.DEFAULT)
        if settings.usual_mode is not Post.CommentMode.HIDDEN:
            usual &= Q(kind=Post.Kind.PAGE)
        return self.approved().filter(post__in=Post.objects.public().exclude(hidden | usual))

    def threads_of(self, post):
        """The first comments of the threads of a post in which there is something to read."""
        # Only roots have a number, and every root above something visible has one.
        return self.filter(post=post, number__isnull=False, visible_count__gt=0)

    def named(self, post, number):
        """Return the approved comment of a post that has this key, or had it elsewhere, or None.

        Comments that came with a post name the same source; that pair is unique.
        """
        here = self.approved().filter(post=post).select_related("post")
        found = here.filter(pk=number).first()
        if found or not post.source:
            return found
        return here.filter(source=post.source, source_id=str(number)).first()

    def with_names(self):
        """Read what ``writer_name`` and a drawn picture need together with the comments."""
        row = ConversationSettings.objects
        return self.select_related("user").annotate(
            word=Subquery(row.values("reader_word")[:1]),
            avatar_key=Subquery(row.values("avatar_key")[:1]),
        )

    def with_support(self):
        """Read with the comments whether there is a reaction to them (``supported``)."""
        return self.annotate(supported=Exists(Reaction.objects.filter(comment=OuterRef("pk"))))

    def with_lock(self):
        """Read with the comments whether their thread takes no answers (``locked``)."""
        roots = QuerySet(self.model).filter(pk=OuterRef("tree_id"))
        return self.annotate(locked=Exists(roots.filter(locked_at__isnull=False)))

    def pending_by(self, user, post):
        """The pending comments of an account on a post."""
        return self.filter(user=user, post=post, status=Status.PENDING)
