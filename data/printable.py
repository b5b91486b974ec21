"""Text that came from elsewhere, as a terminal, a log or a TOML file may have it: one line of what is only shown."""


def in_one_line(text: str) -> str:
    """Return a text with blanks for line breaks and tabs, and the escapes of Python for what cannot be printed."""
    return "".join(
        character if character.isprintable() else " " if character in "\r\n\t" else _escaped(character)
        for character in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
