"""Mail: planning it, sending it to a real SMTP server, and what nobody learns from it."""
