"""The comments' part of an author's dashboard: recent activity, replies, and the blog's break."""
