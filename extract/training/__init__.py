"""Training texts and the scripts that fit the linear models to them. Nothing here is needed at run time."""
