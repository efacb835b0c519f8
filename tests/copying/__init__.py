"""Tests of clients that begin like another one."""
