"""Ids in feeds no longer follow the domain: the host of today stays in them, whatever SITE_URL is."""

from django.db import migrations, models

import blog.models.settings


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0005_posts_in_series"),
    ]

    operations = [
        migrations.AddField(
            model_name="blog",
            name="tag_authority",
            field=models.CharField(
                default=blog.models.settings.first_host, editable=False, max_length=253
            ),
        ),
    ]
