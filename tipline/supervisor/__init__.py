"""Keeps the platform's processes running on one machine, and the embedded services of one data folder."""
