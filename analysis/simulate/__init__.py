"""A crisis whose truth we wrote: for tests, calibration and the sample.

`counts` and `curve` make hourly volumes, `archive` a year of mentions with the truth of each. All are pure functions of
their arguments, the seed among them.
"""

from analysis.simulate.process import Noise, burst_shape, counts, curve, season
from analysis.simulate.year import Simulated, archive

__all__ = ["Noise", "Simulated", "archive", "burst_shape", "counts", "curve", "season"]
