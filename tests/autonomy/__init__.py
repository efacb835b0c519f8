"""Tests of ceilings, attested controls and decision records."""
