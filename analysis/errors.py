"""Errors a user can act on, each with its exit code.

A message is an instruction: which file, which row, what came, what to do. It is shown as it is, without a traceback.
"""


class AftermathError(Exception):
    """Something the user can mend; `code` is what the process exits with."""

    code = 1


class ParameterError(AftermathError):
    """A parameter that is unknown, ill-typed or impossible: a window outside the archive is one."""

    code = 2


class InputError(AftermathError):
    """A file that does not keep its contract."""

    code = 3


class InsufficientData(AftermathError):
    """Too little data for a post-mortem; a short report saying so is published."""

    code = 4


class NotebookError(AftermathError):
    """A notebook failed."""

    code = 5


class RenderError(AftermathError):
    """The report could not be rendered, or a glyph is covered by no font."""

    code = 6


class RunTimeout(AftermathError):
    """A notebook ran longer than it may."""

    code = 7


class EvidenceError(AftermathError):
    """The report states something that no finding holds."""

    code = 8


class TemporaryError(AftermathError):
    """Something that may pass when tried again, such as a lock held by another run."""

    code = 75


class KernelDied(AftermathError):
    """The kernel of a notebook died."""

    code = 138


INTERRUPTED = 130
BATCH_ORDER = (1, 138, 5, 8, 6, 7, 3, 2, 4, 75)
"""A batch that goes on past failures exits with the first of these that occurred."""
