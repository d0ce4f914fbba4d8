"""节假日表: the days that break the week, entered by the administrator from the State Council's notices."""
