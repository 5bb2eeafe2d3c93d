"""An index for the previous and the next post of a series."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0004_random_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("series__isnull", False)),
                fields=["series", "series_position", "id"],
                name="blog_post_in_series",
            ),
        ),
    ]
