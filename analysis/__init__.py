"""Aftermath: post-crisis analytics. ARCHITECTURE.md tells what each file here is for."""
