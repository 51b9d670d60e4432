"""The translation desk: one screen for one text, beside its other language."""
