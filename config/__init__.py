"""The Django project: settings, URLs, system checks, and the commands that start Hearth.

Only Django imports this package; it may import every app.
"""
