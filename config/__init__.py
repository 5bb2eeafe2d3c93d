"""How the parts are put together: settings, addresses, checks, and the commands that start Hearth.

Nothing imports this package but Django itself; it may name every app.
"""
