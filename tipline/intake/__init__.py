"""线索受理 Intake: tips, their files, receipts and vehicle hints."""
