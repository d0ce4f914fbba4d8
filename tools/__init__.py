"""Scripts behind the Makefile; the application imports none of them."""
