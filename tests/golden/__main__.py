"""`python -m tests.golden` runs the sample and writes what it said."""

from tests.golden import write

print(f"wrote {write()}")
