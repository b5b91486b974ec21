"""Pure forecasting: arrays and frames in, frames out. No database, no clock, no import of ours."""
