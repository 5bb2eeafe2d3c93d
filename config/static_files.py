"""Static files as WhiteNoise serves them, ahead of all other middleware."""

from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):
    """A file with a hash in its name may be kept for a year, and is never asked for again."""

    def add_cache_headers(self, headers, path, url):
        headers["X-Content-Type-Options"] = "nosniff"
        if self.immutable_file_test(path, url):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            super().add_cache_headers(headers, path, url)
