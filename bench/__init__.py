"""How fast Hearth is, measured beside what its server could do at best: `make bench`.

docs/benchmarks/README.md says how to read and repeat it. Nothing of Hearth imports this.
"""
