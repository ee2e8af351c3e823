"""A handover as people read it: sections of words and tables, and the document made of them."""
