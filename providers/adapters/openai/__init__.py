"""GPT: OpenAI's Responses API."""
