"""What due mails cost: `python -m bench.mail`. See docs/benchmarks/README.md."""
