"""审看: the page on which an officer looks closely at one photo or video of a tip, or at two side by side."""
