"""Briefs: the facts of a moment set in words, and written as documents, slides, workbooks and paper."""
