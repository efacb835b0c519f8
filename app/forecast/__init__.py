"""What a wave will show, told before it opens."""
