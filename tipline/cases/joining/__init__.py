"""并案与分案 Joining: two files of one accident become one, or one file becomes two; nothing is removed."""
