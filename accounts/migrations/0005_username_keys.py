"""User names are unique without regard to case in every script, by a key of their own."""

from django.db import migrations, models

from accounts.text.folding import username_key


def fill(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    taken = set()
    for user in User.objects.only("username", "email").order_by("pk").iterator():
        key = username_key(user.username)
        if key in taken:  # both keep their names, and are told apart by how they are spelled
            key = f"{key} {user.pk}"
        taken.add(key)
        User.objects.filter(pk=user.pk).update(username_key=key, email=user.email.lower())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_ability_of_the_mail_server")]

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
                violation_error_message="This username is taken. Please choose another.",
            ),
        ),
    ]
