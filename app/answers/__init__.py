"""The vault: drafts and answer sheets. Only `releases.make` reads sheets (DESIGN.md, section 3)."""
