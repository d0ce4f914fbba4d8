"""研判台 Console: the investigators' screens, composed from the rooms below."""
