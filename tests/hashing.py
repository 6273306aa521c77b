"""The program's own password hasher with the least work it can do: tests sign in hundreds of times.

What is about hashing itself asks for `real_hashing`. A password that is kept says how much work it was,
so both read each other's.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    time_cost, memory_cost, parallelism = 1, 8, 1
