"""How an excess of mentions dies away: a Lomax curve over the ordinary level, fitted to many series at once.

The excess is A (1 + u (2^{1/p} − 1) / H)^{−p}, u hours after the peak, which halves in the first H hours; it is an
exponential as p grows and a power law where p is small (both are classes of Crane & Sornette 2008, after doi
10.1073/pnas.0803685105). Hours are weighed by the noise that was seen: counts scatter more where they are high, and a
loud hour is followed by loud hours, so that what many hours seem to agree on may be one chance.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.measures.ordinary import Noise

STEPS = 30
_NEAR = 1e-3
"""Gain in log-likelihood from which on a step is worth another."""
EXPONENTIAL = 100.0
"""A shape from which on the curve is an exponential."""
_SHAPE = (0.4, 0.7)
"""Mean and standard deviation of the prior of log p, beside an exponential that is weighed by itself: with N(1, 1) nine
in ten intervals held a power law's half-life, with this 94%."""
_LOOSE = 3.0
"""A search for log p begins no higher: further up, one p is like another."""
_WEAK = 3.0
"""Standard deviation of the prior of log H about where the search begins: it keeps a flat series finite."""
_SLOPE = 3.0
"""Standard deviation of the prior of the turn's rate, in rates of the decay without it."""


@dataclass(frozen=True)
class Span:
    """The hours that a curve is fitted to: `hours` after the peak, the ordinary `level` of each (draws or 1, hours),
    and `rhythm`, what the excess is multiplied by at that hour (1 on average).

    `spread` is the standard deviation of the log of the level's own error. `weights` (hours, hours) make errors
    independent and of variance 1 (`weights`). `turn` is the hour from which a further decay may set in, `shape` a p
    that is not to be looked for.
    """

    hours: np.ndarray
    level: np.ndarray
    rhythm: np.ndarray
    spread: float
    weights: np.ndarray
    turn: float | None = None
    shape: float | None = None


@dataclass(frozen=True)
class Curves:
    """Fitted curves, one a row: log height, log half-life, log p, log scale of the level, and rate of the turn.

    `fit` is the penalised log-likelihood reached, up to a constant.
    """

    parameters: np.ndarray
    fit: np.ndarray


@dataclass(frozen=True)
class Averaged:
    """Lomax and exponential curves weighed by how well they fit: `parts` are both (draws, 4), `exponential` is the
    second's weight, `log_half` the weighed log half-life, `parameters` the likelier of the two."""

    parts: tuple[np.ndarray, np.ndarray]
    exponential: np.ndarray
    log_half: np.ndarray
    parameters: np.ndarray


def weights(mean: np.ndarray, noise: Noise) -> np.ndarray:
    """What makes the errors of counts about `mean` (hours) independent and of variance 1, as a triangular matrix."""
    apart = np.abs(np.arange(len(mean))[:, None] - np.arange(len(mean))[None, :])
    shared = noise.slow * noise.memory**apart * mean[:, None] * mean[None, :]
    covariance = shared + np.diag(mean + noise.quick * mean**2 + 1e-6)
    return np.linalg.inv(np.linalg.cholesky(covariance))


def fit(counts: np.ndarray, span: Span, start: np.ndarray | None = None) -> Curves:
    """The most likely curve of each row of `counts` (draws, hours), by damped Gauss–Newton.

    `start`: parameters to search from (1 or draws, 4 or 5); None looks from several half-lives and shapes.
    """
    if start is not None:
        return _climb(counts, span, np.broadcast_to(start, (len(counts), start.shape[-1])).copy())
    over = np.maximum(counts[:, :3].mean(axis=1) - span.level[:, :3].mean(axis=1), 0.5 * span.level.mean() + 0.5)
    found = []
    reach = max(float(span.hours[-1]), 4.0)
    for half in (reach / 32, reach / 8, reach / 2):
        for shape in (0.0, 2.0):
            begin = np.zeros((len(counts), 4 if span.turn is None else 5))
            begin[:, 0], begin[:, 1], begin[:, 2] = np.log(over), np.log(half), shape
            found.append(_climb(counts, span, begin))
    fits = np.array([one.fit for one in found])
    best = fits.argmax(axis=0)
    parameters = np.stack([one.parameters for one in found])[best, np.arange(len(counts))]
    return Curves(parameters, fits.max(axis=0))


def averaged(counts: np.ndarray, span: Span, start: tuple[np.ndarray, np.ndarray] | None = None) -> Averaged:
    """Both curves for each row of `counts`, weighed by Akaike's criterion (Burnham & Anderson 2002, after).

    A Lomax alone nears an exponential from one side only, and takes a fifth off its half-life.
    """
    lomax = fit(counts, span, None if start is None else start[0])
    plain = fit(counts, replace(span, shape=EXPONENTIAL), None if start is None else start[1])
    weight = 1 / (1 + np.exp(np.clip(lomax.fit - plain.fit - 1, -50, 50)))
    log_half = (1 - weight) * lomax.parameters[:, 1] + weight * plain.parameters[:, 1]
    likelier = np.where(weight[:, None] > 0.5, plain.parameters, lomax.parameters)
    return Averaged((lomax.parameters, plain.parameters), weight, log_half, likelier)


def mean(parameters: np.ndarray, span: Span) -> np.ndarray:
    """Expected counts (draws, hours): the scaled level and the excess."""
    return _model(parameters, span)[0]


def excess(parameters: np.ndarray, span: Span) -> np.ndarray:
    """Expected excess (draws, hours), without the rhythm of the day."""
    plain = replace(span, rhythm=np.ones_like(span.rhythm), level=np.zeros_like(span.level))
    return _model(parameters, plain)[0]


def rate(parameters: np.ndarray, hour: float) -> np.ndarray:
    """The share of the excess that goes in an hour at `hour`, without a turn: −d log excess / du."""
    half, shape = np.exp(parameters[:, 1]), np.exp(parameters[:, 2])
    slope = np.expm1(np.log(2) / shape) / half
    return shape * slope / (1 + hour * slope)


def error(parameters: np.ndarray, span: Span) -> np.ndarray:
    """Standard errors of the first row's parameters, from the curvature of the likelihood and the priors."""
    jacobian = _model(parameters[:1], span)[1][0] @ span.weights.T
    width = _widths(span, parameters)
    return np.sqrt(np.diag(np.linalg.inv(jacobian @ jacobian.T + np.diag(1 / width**2 + 1e-9))))


def _widths(span: Span, parameters: np.ndarray) -> np.ndarray:
    """Standard deviations of the priors."""
    width = np.array([np.inf, _WEAK, _SHAPE[1], max(span.spread, 1e-3), np.inf][: parameters.shape[1]])
    if span.turn is not None:
        width[4] = _SLOPE / max(float(np.exp(np.median(parameters[:, 1]))), 1.0) + 0.05
    return width


def _model(theta: np.ndarray, span: Span) -> tuple[np.ndarray, np.ndarray]:
    """Mean (draws, hours) and its derivatives by each parameter (draws, parameters, hours)."""
    u = span.hours[None, :]
    half, shape = np.exp(theta[:, 1:2]), np.exp(theta[:, 2:3])
    double = np.exp(np.log(2) / shape)
    z = u * (double - 1) / half
    stretched = np.log1p(z)
    logs = theta[:, 0:1] - shape * stretched
    late = np.maximum(u - (span.turn or 0.0), 0.0)
    if span.turn is not None:
        logs = logs - theta[:, 4:5] * late
    over = np.exp(np.clip(logs, -40, 40)) * span.rhythm
    scaled = np.exp(theta[:, 3:4]) * span.level
    bend = u / half * (-double * np.log(2) / shape**2)
    slopes = np.empty((len(theta), theta.shape[1], len(span.hours)))
    slopes[:, 0] = over
    slopes[:, 1] = over * shape * z / (1 + z)
    slopes[:, 2] = over * shape * (-stretched - shape * bend / (1 + z))
    slopes[:, 3] = scaled
    if span.turn is not None:
        slopes[:, 4] = -over * late
    return over + scaled, slopes


def _climb(counts: np.ndarray, span: Span, theta: np.ndarray) -> Curves:
    """Levenberg–Marquardt on weighted errors, every row with a damping of its own."""
    rows, size = theta.shape
    width = _widths(span, theta)
    centre = np.zeros(size)
    centre[1], centre[2] = float(np.median(theta[:, 1])), _SHAPE[0]
    if span.shape is not None:
        theta[:, 2] = centre[2] = np.log(span.shape)
    else:
        theta[:, 2] = np.minimum(theta[:, 2], _LOOSE)
    precision, whiten = 1 / width**2, span.weights.T
    diagonal = np.arange(size)
    done, reached = theta.copy(), np.full(rows, -np.inf)
    row, level = np.arange(rows), np.broadcast_to(span.level, (rows, span.level.shape[1]))

    def value(parameters: np.ndarray, errors: np.ndarray) -> np.ndarray:
        return -0.5 * ((errors**2).sum(axis=1) + ((parameters - centre) ** 2 * precision).sum(axis=1))

    mu, slopes = _model(theta, span)
    errors = (counts - mu) @ whiten
    now = value(theta, errors)
    damping = np.full(rows, 1e-2)
    for _ in range(STEPS):
        jacobian = (slopes.reshape(len(row) * size, -1) @ whiten).reshape(len(row), size, -1)
        score = np.matmul(jacobian, errors[:, :, None])[:, :, 0] - (theta - centre) * precision
        information = np.matmul(jacobian, jacobian.transpose(0, 2, 1))
        information[:, diagonal, diagonal] += precision
        information[:, diagonal, diagonal] *= 1 + damping[:, None]
        information[:, diagonal, diagonal] += 1e-9
        after = theta + np.clip(np.linalg.solve(information, score[:, :, None])[:, :, 0], -2, 2)
        after[:, 1] = np.clip(after[:, 1], -3, 9)
        after[:, 2] = np.clip(after[:, 2], -2.5, 5) if span.shape is None else centre[2]
        mu, new = _model(after, replace(span, level=level[row]))
        apart = (counts[row] - mu) @ whiten
        then = value(after, apart)
        better = then > now
        gained = then - now
        theta = np.where(better[:, None], after, theta)
        slopes = np.where(better[:, None, None], new, slopes)
        errors = np.where(better[:, None], apart, errors)
        now = np.where(better, then, now)
        damping = np.where(better, damping / 5, damping * 6)
        done[row], reached[row] = theta, now
        going = np.where(better, gained > _NEAR, damping < 1e2)
        if not going.any():
            break
        row, theta, slopes, errors = row[going], theta[going], slopes[going], errors[going]
        now, damping = now[going], damping[going]
    return Curves(done, reached)
