"""One notebook, executed by Papermill."""

from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from analysis.errors import KernelDied, NotebookError, ParameterError, RunTimeout
from analysis.runs.archives import Progress

CELL_TIMEOUT = 600
"""Seconds."""


def execute(path: Path, work: Path, given: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Execute one notebook into `work/notebooks/`; its name, status and seconds.

    Raises ParameterError where the notebook did, NotebookError for any other error in a cell, RunTimeout, KernelDied.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError

    progress(path.stem, 0, 1)
    began = monotonic()
    out = work / "notebooks" / path.name
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        papermill.execute_notebook(
            str(path),
            str(out),
            parameters=dict(given),
            kernel_name="python3",
            progress_bar=False,
            execution_timeout=CELL_TIMEOUT,
            cwd=str(path.parent),
            extra_arguments=["--IPKernelApp.log_level=50"],
        )
    except papermill.PapermillExecutionError as error:
        if error.ename == ParameterError.__name__:
            raise ParameterError(f"{path.name}: {error.evalue} Nothing was published.") from error
        raise NotebookError(
            f"{path.name}, cell {error.exec_count}: {error.ename}: {error.evalue.rstrip('. ')}. "
            f"Nothing was published; the notebook as far as it ran is {out}."
        ) from error
    except CellTimeoutError as error:
        raise RunTimeout(
            f"{path.name}: a cell ran longer than {CELL_TIMEOUT} s. Nothing was published; see {out}."
        ) from error
    except RuntimeError as error:  # nbclient's DeadKernelError is one, and a kernel that does not even start another
        raise KernelDied(f"{path.name}: the kernel died. Nothing was published; see {out}.") from error
    progress(path.stem, 1, 1)
    return {"notebook": path.stem, "status": "ok", "seconds": round(monotonic() - began, 2)}
