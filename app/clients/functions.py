"""What a department does. The function decides which department module of a questionnaire its people are asked."""

from app.sentences import say

FUNCTIONS = {
    "legal": say("Legal"),
    "hr": say("HR"),
    "finance": say("Finance"),
    "operations": say("Operations"),
    "it": say("IT"),
    "customer_service": say("Customer service"),
    "sales": say("Sales"),
    "procurement": say("Procurement"),
    "other": say("Other"),
}

# Other words that clients' lists use for the same thing.
SYNONYMS = {
    "human resources": "hr",
    "people": "hr",
    "personnel": "hr",
    "accounting": "finance",
    "information technology": "it",
    "customer support": "customer_service",
    "purchasing": "procurement",
}
