"""The address that a series had before goes on leading to it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0010_hub_news"),
    ]

    operations = [
        migrations.CreateModel(
            name="OldSeriesSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=200, unique=True, verbose_name="old address"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_slugs",
                        to="blog.series",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
