"""The hit-and-run tip line: public face, staff face, command line."""
