"""Experts: who rates how well agents do a workflow today, with what it rests on, without seeing the others first."""
