"""Who was asked to take part in a wave: the list of people, stored apart from links and answers."""
