"""Each comment that is there gets a salt of its own, some thousands in one transaction."""

from django.db import migrations
from django.db.models import TextField
from django.db.models.functions import MD5, Cast, Concat, Random, Substr

BATCH = 5000


def fill(apps, schema_editor):
    comments = apps.get_model("comments", "Comment").objects.using(schema_editor.connection.alias)
    comments = comments.order_by("pk")
    # Different for each comment is all that it has to be: what is secret is the blog's key.
    text = Concat(Cast(Random(), TextField()), Cast("pk", TextField()))
    last = 0
    while keys := list(comments.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        first, last = keys[0], keys[-1]
        comments.filter(pk__range=(first, last)).order_by().update(salt=Substr(MD5(text), 1, 12))


class Migration(migrations.Migration):
    atomic = False  # writers wait for one batch at most

    dependencies = [("comments", "0007_drawn_pictures")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
