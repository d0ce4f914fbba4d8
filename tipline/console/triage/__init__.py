"""研判台收件箱 The inbox: list, preview, similar tips and suggested cases side by side, decided by the keyboard."""
