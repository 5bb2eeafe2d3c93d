"""Which comments: one method for each rule, named as people say it."""

from django.db.models import Exists, OuterRef, Q, Subquery

from blog.models import Post
from comments import tree
from comments.limits import ConversationSettings
from comments.reactions import Reaction
from comments.status import Status


class CommentQuerySet(tree.GuardedQuerySet):
    def approved(self):
        """Comments that readers see when they see the conversation."""
        return self.filter(status=Status.APPROVED)

    def public(self):
        """Approved comments whose conversation is shown: feeds and other lists over many posts."""
        hidden = Q(comment_mode=Post.CommentMode.HIDDEN)
        usual = Q(comment_mode=Post.CommentMode.DEFAULT)
        if ConversationSettings.get().usual_mode is not Post.CommentMode.HIDDEN:
            usual &= Q(kind=Post.Kind.PAGE)
        return self.approved().filter(post__in=Post.objects.public().exclude(hidden | usual))

    def with_names(self):
        """Read what ``writer_name`` needs together with the comments."""
        word = ConversationSettings.objects.values("reader_word")[:1]
        return self.select_related("user").annotate(word=Subquery(word))

    def with_support(self):
        """Read with the comments whether there is a reaction to them (``supported``)."""
        return self.annotate(supported=Exists(Reaction.objects.filter(comment=OuterRef("pk"))))

    def awaiting(self):
        """What a moderator still has to decide, oldest first."""
        return self.filter(status=Status.PENDING).order_by("created_at", "pk")

    def written_by(self, viewer):
        """What a ``Viewer`` wrote, in this browser as a guest or under her account."""
        return self.filter(_own(viewer))

    def visible_to(self, viewer):
        """Approved comments, and the viewer's own that wait. ``viewer`` is a ``Viewer``."""
        waiting = _own(viewer) & Q(status=Status.PENDING)
        return self.filter(Q(status=Status.APPROVED) | waiting)


def _own(viewer):
    """What :meth:`comments.viewer.Viewer.wrote` says, as a condition."""
    own = Q(pk__in=viewer.own)
    return own | Q(user=viewer.user) if viewer.user.is_authenticated else own
