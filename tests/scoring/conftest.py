"""Examples may take as long as they take: the first one that needs scipy loads it, and CI machines are shared."""

from hypothesis import settings

settings.register_profile("plumbline", deadline=None)
settings.load_profile("plumbline")
