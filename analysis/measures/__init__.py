"""Scored mentions → plain tables and estimates: pure, no files, no figures, no prose."""
