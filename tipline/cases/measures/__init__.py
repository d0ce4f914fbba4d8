"""措施: what is done to a person by law, from proposal through review, approval and execution to its end."""
