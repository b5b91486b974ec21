"""Bills that are summed where they lie, by Athena."""
