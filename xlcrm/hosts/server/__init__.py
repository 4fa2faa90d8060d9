"""A team's own server: xlwings Server with our functions and macros and a task pane."""
