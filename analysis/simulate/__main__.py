"""`python -m analysis.simulate FOLDER [SEED]` writes the sample workspace into FOLDER."""

import sys
from pathlib import Path

from analysis.simulate.sample import write

if len(sys.argv) not in (2, 3):
    sys.exit("usage: python -m analysis.simulate FOLDER [SEED]")
write(Path(sys.argv[1]), *map(int, sys.argv[2:]))
