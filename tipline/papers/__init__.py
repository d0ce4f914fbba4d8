"""文书排版: values in, PDF/A out. No database, web, clock or environment; any room above may draw its papers here."""
