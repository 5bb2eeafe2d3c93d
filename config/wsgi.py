"""The WSGI application, `config.wsgi:application`. It does not start with unsafe settings."""

import codecs
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

from blog.database import statement_limits
from config.caching.process_cache import ProcessPageCache
from config.checks import refuse_if_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

UNREADABLE = "application/octet-stream; charset=unreadable"


def with_readable_type(application):
    """WSGI middleware for a Content-Type at which Django fails before any middleware of ours.

    Instead it gets one that config.middleware.ReadableRequests refuses.
    """

    def readable(environ, start_response):
        try:
            _kind, given = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
            codecs.lookup(given.get("charset", "utf-8"))
        except (LookupError, ValueError):
            environ["CONTENT_TYPE"] = UNREADABLE
        return application(environ, start_response)

    return readable


application = with_readable_type(get_wsgi_application())
# Before anything opens a connection.
statement_limits.begin()

try:
    refuse_if_unsafe()
except ImproperlyConfigured as error:
    # The message alone: a traceback would hide what has to be done.
    sys.exit(str(error))

if settings.PAGE_CACHE:
    application = ProcessPageCache(application)
