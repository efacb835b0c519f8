"""Autonomy: attested controls, how far each department may go with agents, and the decision records that say so."""
