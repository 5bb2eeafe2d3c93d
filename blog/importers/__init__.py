"""Pure parsers of other blogs' export files: no models, no settings, no network.

``wxr`` reads an export as a stream of records, ``comment_order`` sorts its comments, ``html``
converts its HTML. The loaders are in the apps that own the models.
"""
