"""Everything that `bin/run` needs on one box: PostgreSQL and Valkey from packages, and a supervisor for the Procfile.

The supervisor is small on purpose: standard library only, one thread, no Django. Nothing here is imported by the
product's own processes; in a cluster (Compose, Fly) an orchestrator does this work and runs the same Procfile lines.
"""
