"""Each post keeps the count of its visible threads, so that no page has to count them."""

from django.db import migrations, models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def count_threads(apps, schema_editor):
    numbering = apps.get_model("comments", "Numbering").objects
    comments = apps.get_model("comments", "Comment").objects
    alias = schema_editor.connection.alias
    seen = comments.using(alias).filter(
        post=OuterRef("pk"), number__isnull=False, visible_count__gt=0
    )
    count = seen.order_by().values("post").annotate(n=Count("pk")).values("n")
    numbering.using(alias).update(threads=Coalesce(Subquery(count), 0))


class Migration(migrations.Migration):
    dependencies = [("comments", "0009_writers_index")]

    operations = [
        migrations.AddField(
            model_name="numbering",
            name="threads",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(count_threads, migrations.RunPython.noop),
    ]
