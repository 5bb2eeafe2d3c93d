"""User names are unique without regard to case in every script, by a key of their own."""

from django.db import migrations, models

from accounts.text.folding import caseless


def fill(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    for user in User.objects.only("username", "email").iterator():
        key, email = caseless(user.username), user.email.lower()
        User.objects.filter(pk=user.pk).update(username_key=key, email=email)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_scrub_schedule")]

    operations = [
        migrations.AddField(
            "user",
            "username_key",
            models.CharField(default="", editable=False, max_length=450),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveConstraint("user", "accounts_user_username_unique"),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                fields=["username_key"],
                name="accounts_user_username_unique",
                violation_error_message="This user name is taken.",
            ),
        ),
    ]
