"""Archive → mentions: one file per format, the store, and the audit of what was collected."""
