"""Moving a blog in: what the pure readers of ``blog.importers`` found becomes rows.

``posts.Moving`` is the door: ``prepare`` reads and converts before any transaction;
``load`` and ``finish`` write inside the caller's. It knows nothing of comments: who moves
them in reads the same file beside it and shares ``report`` and ``spool``.
"""
