"""What the benchmarks share: the product on a stack of its own, lean clients, and the measuring of processes."""
