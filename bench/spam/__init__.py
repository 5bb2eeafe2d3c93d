"""Evaluation of the spam checks on a labelled corpus of comments. See docs/moderation.md."""
