"""Argon2 without its cost: a hash of the product takes 170 ms of processor, and tests make thousands."""

from __future__ import annotations

import functools

from django.contrib.auth.hashers import Argon2PasswordHasher

QUICK_HASHER = "tests.quick_hashes.QuickArgon2PasswordHasher"
ONCE_HASHER = "tests.quick_hashes.OnceArgon2PasswordHasher"


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """Some 0.1 ms."""

    time_cost = 1
    memory_cost = 64  # KiB
    parallelism = 1


class OnceArgon2PasswordHasher(Argon2PasswordHasher):
    """The product's own hash, but the same one for everybody with the same password."""

    def encode(self, password: str, salt: str) -> str:
        return _product_hash(password)


@functools.cache
def _product_hash(password: str) -> str:
    hasher = Argon2PasswordHasher()
    return hasher.encode(password, hasher.salt())
