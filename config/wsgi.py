"""The WSGI application, `config.wsgi:application`. It does not start with unsafe settings."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from blog import statement_limits
from config.caching.process_cache import ProcessPageCache
from config.checks import refuse_if_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# Before anything opens a connection.
statement_limits.begin()

try:
    refuse_if_unsafe()
except ImproperlyConfigured as error:
    # The message alone: a traceback would hide what has to be done.
    sys.exit(str(error))

if settings.PAGE_CACHE:
    application = ProcessPageCache(application)
