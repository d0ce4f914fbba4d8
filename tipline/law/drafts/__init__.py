"""法规: the rules as legal officers read them, and new versions entered by one officer, put in force by another."""
