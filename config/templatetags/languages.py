"""Template filter for the direction of a text."""

from django import template

from accounts.text import languages

register = template.Library()
register.filter("direction", languages.direction)
