"""Which posts readers could see, and which slugs their authors wrote.

The address of a draft that was never public follows its title, also where earlier versions of
Hearth kept that of its first title; old addresses of such posts are forgotten with their titles.
"""

from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone

from blog.migrations._highest_key import AddField, AlterField
from blog.permalinks import is_made_from


def say_what_was_public(apps, schema_editor):
    posts = apps.get_model("blog", "Post").objects
    # A draft with a date in the past may have been public; one with comments was.
    seen = Q(status="archived") | Q(published_at__lte=timezone.now()) | Q(comment_count__gt=0)
    posts.filter(seen).update(was_public=True)
    unseen = posts.filter(was_public=False)
    revisions = apps.get_model("blog", "PostRevision").objects
    chosen = []
    for post in unseen.only("slug", "title").iterator(500):
        kept = revisions.filter(post=post).values_list("fields__title", flat=True)
        titles = {post.title, *(title for title in kept if isinstance(title, str))}
        if not any(is_made_from(post.slug, title) for title in titles):
            chosen.append(post.pk)
    for start in range(0, len(chosen), 500):
        posts.filter(pk__in=chosen[start : start + 500]).update(slug_chosen=True)
    old = apps.get_model("blog", "OldAddress").objects.filter(post__was_public=False)
    old.filter(Q(path__startswith="/posts/") | Q(post__kind="page", post__source="")).delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0008_purged_comments")]

    operations = [
        AddField("post", "was_public", models.BooleanField(default=False, editable=False)),
        AddField("post", "slug_chosen", models.BooleanField(default=False, editable=False)),
        AlterField(
            "post",
            "slug",
            models.SlugField(
                allow_unicode=True,
                blank=True,
                help_text=(
                    "Leave empty to follow the title until the post is published. If you change "
                    "it later, the old URL redirects."
                ),
                max_length=200,
                unique=True,
                verbose_name="slug",
            ),
        ),
        migrations.RunPython(say_what_was_public, migrations.RunPython.noop),
    ]
