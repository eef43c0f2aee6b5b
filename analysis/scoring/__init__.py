"""Mentions → scored mentions (columns added, rows never): language, sentiment, embeddings, causes; the score cache."""
