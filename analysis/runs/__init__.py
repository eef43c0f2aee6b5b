"""Papermill runs: prepare, validate, execute, verify, publish atomically, manifest."""

from analysis.runs.prepare import open_incident, prepare
from analysis.runs.run import run

__all__ = ["open_incident", "prepare", "run"]
