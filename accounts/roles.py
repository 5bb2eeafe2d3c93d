"""Groups and their permissions.

A permission exists only once ``post_migrate`` has run, so a migration that grants one has to
create it first. Each app's migration calls :func:`grant`.
"""

from collections.abc import Callable, Iterable

AUTHORS = "Authors"
MODERATORS = "Moderators"


def grant(group: str, app_label: str, **permissions: Iterable[str]) -> Callable:
    """Return a function for ``migrations.RunPython`` that grants permissions to a group.

    ``group`` is the group's name (created if missing); ``permissions`` maps a model's lower-case
    name to codenames, each either a default action ("view") or the full codename of a permission
    in the model's Meta ("moderate_comment").
    """

    def forward(apps, schema_editor):
        Group = apps.get_model("auth", "Group")
        alias = schema_editor.connection.alias
        holder, _ = Group.objects.using(alias).get_or_create(name=group)
        for model_name, codenames in permissions.items():
            model = apps.get_model(app_label, model_name)
            for codename in codenames:
                holder.permissions.add(_permission(apps, alias, model, codename))

    return forward


def _permission(apps, alias, model, codename):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    options = model._meta
    named = dict(options.permissions)
    name = named.get(codename)
    if name is None:
        name = f"Can {codename} {options.verbose_name_raw}"
        codename = f"{codename}_{options.model_name}"
    kind, _ = ContentType.objects.using(alias).get_or_create(
        app_label=options.app_label, model=options.model_name
    )
    permission, _ = Permission.objects.using(alias).get_or_create(
        content_type=kind, codename=codename, defaults={"name": name}
    )
    return permission
