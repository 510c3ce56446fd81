"""Claude: Anthropic's Messages API."""
