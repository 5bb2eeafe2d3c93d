"""How dates and times are written and read, by language: the same on every page and in mails.

Templates name a format (``|date:"DATE_FORMAT"``) and never spell one out.
https://docs.djangoproject.com/en/5.2/topics/i18n/formatting/#creating-custom-format-files
"""
