"""The door: the only room through which numbers leave (DESIGN.md, section 3)."""
