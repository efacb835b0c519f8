"""How many people a second can answer a survey: complete responses through real pages, with a load generator."""
