"""Where the functions and macros meet a spreadsheet program: registration and packing only."""
