"""Which tables hold a word: of somebody who was erased none may."""

from __future__ import annotations

from django.db import connection


def traces(*words: str) -> list[str]:
    """Every table that holds one of these words, in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name} row WHERE row::text ILIKE ANY(%s)", [[f"%{word}%" for word in words]])
            if cursor.fetchone()[0]:
                found.append(table)
    return found
