"""Comments as in mptt's documentation: its own manager, without any lock."""

from itertools import groupby

from django.db import models
from mptt.models import MPTTModel, TreeForeignKey

from comments.tree import nested_sets


class PlainComment(MPTTModel):
    parent = TreeForeignKey("self", models.CASCADE, null=True, related_name="children")

    class Meta:
        app_label = "plain"

    def __str__(self):
        return f"#{self.pk}"


def plain_faults():
    """Return the faults of its trees, ignoring mptt's own numbering of trees."""
    columns = ("pk", "parent_id", "tree_id", "lft", "rght", "level")
    rows = PlainComment.objects.order_by("tree_id", "lft", "pk").values_list(*columns)
    found = []
    for _, group in groupby(rows, key=lambda row: row[2]):
        tree = list(group)
        root = tree[0][0]
        found += nested_sets.faults((key, above, root, *rest, 0) for key, above, _, *rest in tree)
    return found
