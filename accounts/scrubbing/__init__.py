"""Scrubbing: what was deleted leaves the files of the database, too (see docs/privacy.md)."""
