"""``{{ moment|ago }}``: "3 hours ago", "just now"."""

from django import template

from comments import ages

register = template.Library()
register.filter("ago", ages.ago)
