"""Damaged inputs against every parser: each is read with its rows told, or refused in one line. A parser is a file."""
