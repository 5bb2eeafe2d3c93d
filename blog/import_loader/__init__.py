"""Import of a blog: stores what the pure readers of ``blog.importers`` return.

``posts.PostLoader`` is the entry point: ``prepare`` reads and converts before the transaction,
``load`` and ``finish`` write inside the caller's. It does not handle comments: their loader reads
the same file and shares ``report`` and ``spool``.
"""
