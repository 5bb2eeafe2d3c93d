"""What every page costs beside ever more comments: `python -m bench.growth`."""
