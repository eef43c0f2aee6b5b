"""Batches normalised by several processes, in order.

A worker reads batches from its standard input and ends when that does, so that none outlives whoever started it, even
if that was killed; and it imports nothing of the program that started it, as pools of processes do.
"""

import fcntl
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import chain, cycle
from typing import IO, BinaryIO

from analysis.archive.normalise import Normalised, Plan, normalise
from analysis.archive.records import Loadable
from analysis.errors import AftermathError, TemporaryError
from analysis.workspace import REPOSITORY

MOST = 4
"""Workers at most: each takes some 300 MB."""
_PIPE_BYTES = 1 << 20


class Pool:
    """Workers that are started when they are first needed, or before, and end with this.

    Meanwhile Arrow takes its memory from the system, here as in the workers: its own pools give back what the next
    batch asks for again, which took a tenth of the time of an ingest.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._workers: list[_Worker] = []

    def __enter__(self) -> "Pool":
        import pyarrow as pa

        self._stack.callback(pa.set_memory_pool, pa.default_memory_pool())
        pa.set_memory_pool(pa.system_memory_pool())
        return self

    def __exit__(self, *unused: object) -> None:
        self._stack.close()

    def start(self) -> None:
        """Start the workers, which takes each a second: time in which this process may do something else."""
        if not self._workers:
            most = max(1, min(_cores(), MOST))
            self._workers = [self._stack.enter_context(_Worker()) for _ in range(most)]

    def normalised(self, first: Iterable[Loadable], batches: Iterable[Loadable], plan: Plan) -> Iterator[Normalised]:
        """Each of `first` and of `batches`, normalised, in order; the first by this process, if workers yet start.

        Raises what `normalise` raises. The next source is begun when this is exhausted, or never.
        """
        ready = bool(self._workers)
        self.start()
        for worker in self._workers:
            worker.plan(plan)
        if ready:
            batches = chain(first, batches)
        else:
            yield from (normalise(batch, plan) for batch in first)
        under_way: deque[Future[Normalised]] = deque()
        for batch, worker in zip(batches, cycle(self._workers), strict=False):
            under_way.append(worker.start(batch))
            if len(under_way) > 2 * len(self._workers):
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """A process that normalises one batch after the other, and the thread that talks to it."""

    def __enter__(self) -> "_Worker":
        command = [sys.executable, "-P", "-m", "analysis.archive.workers"]  # never what the current folder holds
        found = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": found, "ARROW_DEFAULT_MEMORY_POOL": "system"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        for pipe in (self._to, self._from):
            _widen(pipe)
        self._thread = ThreadPoolExecutor(1)
        return self

    def __exit__(self, *unused: object) -> None:
        self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        with suppress(BrokenPipeError):  # a batch that was half sent
            self._to.close()
        self._from.close()
        self._process.wait()

    def plan(self, plan: Plan) -> None:
        """How the batches that follow are read."""
        self._thread.submit(self._send, plan)

    def start(self, batch: Loadable) -> "Future[Normalised]":
        return self._thread.submit(self._normalise, batch)

    def _normalise(self, batch: Loadable) -> Normalised:
        try:
            self._send(batch)
            found = pickle.load(self._from)
        except (EOFError, OSError) as error:
            raise TemporaryError(
                "A process that helps to read archives has ended, as one does where memory runs out. Try again."
            ) from error
        if isinstance(found, Exception):
            raise found
        return found

    def _send(self, item: object) -> None:
        pickle.dump(item, self._to, protocol=pickle.HIGHEST_PROTOCOL)
        self._to.flush()


def _widen(pipe: IO[bytes]) -> None:
    """Let `pipe` hold as much as Linux allows everybody, so that a batch takes fewer turns to pass."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _work(into: BinaryIO, out: BinaryIO) -> None:
    """Normalise what comes, by the last plan that came, until nothing does."""
    try:
        while True:
            item: Plan | Loadable = pickle.load(into)
            if isinstance(item, Plan):
                plan = item
                continue
            found: Normalised | Exception
            try:
                found = normalise(item, plan)
            except AftermathError as error:
                found = error
            pickle.dump(found, out, protocol=pickle.HIGHEST_PROTOCOL)
            out.flush()
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it is interrupted too, and ends it
    _work(sys.stdin.buffer, sys.stdout.buffer)
