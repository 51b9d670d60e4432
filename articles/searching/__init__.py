"""The search: folding of texts, what readers type, finding, and what a result shows.

``folding``, ``queries``, ``reading`` and ``snippets`` are pure; ``indexing`` and ``finding`` use
the database.
"""
