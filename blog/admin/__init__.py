"""The admin of posts, images, tags, subscriptions and settings, for authors and the owner."""

from blog.admin import images, posts, settings, subscriptions, taxonomy

__all__ = ["images", "posts", "settings", "subscriptions", "taxonomy"]
