"""Benchmarks of Hearth, compared with the upper bounds of its server: `make bench`.

docs/benchmarks/README.md explains how to read and repeat them. No app imports this package.
"""
