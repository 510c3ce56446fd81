"""Benchmarks of the product, each a module to run with `bin/bench NAME`."""
