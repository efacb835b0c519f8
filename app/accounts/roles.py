"""What a member of an organisation may do there."""

from typing import Final, Literal

Role = Literal["consultant", "reviewer"]

CONSULTANT: Final = "consultant"
"""Sees and runs everything of the client."""

REVIEWER: Final = "reviewer"
"""Of the client: reads the comments of closed waves and decides on them, and sees nothing else."""
