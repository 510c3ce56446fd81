"""Gemini: Google's Gen AI API (`streamGenerateContent`)."""
