"""Hand-off to translators: a translation as an XLIFF 2.0 file, and the file back into the desk.

``writer`` makes the file, ``reader`` reads it, ``applying`` writes it into the working rows.
"""
