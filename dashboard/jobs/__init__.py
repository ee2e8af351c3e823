"""Jobs: files that are made one after the other, by a process of their own, beside the live picture."""
