"""A provider's own report of our usage: reading it, and comparing it with the ledger. Pure: no database, no Django."""
