"""Findings and lessons → one document → a web page and a PDF that say the same."""
