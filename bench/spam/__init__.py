"""A labelled corpus of comments, and what the checks make of it. See docs/moderation.md."""
