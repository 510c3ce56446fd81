"""`/gallery/`, with `DEBUG` only: every fragment of the product in each of its states, from plain values and without a database."""
