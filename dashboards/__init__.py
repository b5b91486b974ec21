"""Static pages: SQL in, Plotly figures out, one site swapped in whole."""
