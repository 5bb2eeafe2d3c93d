"""What the author and the owner do in the admin: posts, images, tags, subscriptions, settings."""

from blog.admin import images, posts, subscriptions, taxonomy

__all__ = ["images", "posts", "subscriptions", "taxonomy"]
