"""Content notes: a vocabulary, and which of its topics a post is closed behind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0005_renamed_tags"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="A word or two, such as “grief”.",
                        max_length=60,
                        unique=True,
                        verbose_name="topic",
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True,
                        help_text="One line, for readers who choose which topics open by themselves.",
                        max_length=200,
                        verbose_name="what it stands for",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="place in the list"),
                ),
                (
                    "retired",
                    models.BooleanField(
                        default=False,
                        help_text="Whatever has this note keeps it; nobody can choose it for something new.",
                        verbose_name="not offered any more",
                    ),
                ),
            ],
            options={
                "verbose_name": "content note",
                "verbose_name_plural": "content notes",
                "ordering": ["order", "name"],
            },
        ),
        migrations.AddField(
            model_name="post",
            name="content_notes",
            field=models.ManyToManyField(
                blank=True,
                help_text="Excerpt and text are then closed behind these topics until a reader opens them.",
                related_name="posts",
                to="blog.contentnote",
                verbose_name="content notes",
            ),
        ),
    ]
