"""Pure readers of other blogs' files: no models, no settings, no network.

``wxr`` reads an export as a stream of records, ``threads`` puts its comments in order,
``text`` turns its HTML into ours. Loaders live in the apps that own the models.
"""
