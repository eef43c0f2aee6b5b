"""Papermill runs: prepare, validate, execute, verify, publish atomically, manifest."""

from analysis.runs.find import write_drafts
from analysis.runs.opening import open_incident
from analysis.runs.patterns import open_patterns
from analysis.runs.prepare import prepare
from analysis.runs.run import run
from analysis.runs.search import open_archive

__all__ = ["open_archive", "open_incident", "open_patterns", "prepare", "run", "write_drafts"]
