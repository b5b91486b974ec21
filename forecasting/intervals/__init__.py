"""How wide a forecast is: conformal intervals and what live coverage teaches them."""
