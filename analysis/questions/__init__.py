"""One file per notebook: measure + figure + sentence → findings. The only place where they meet."""
