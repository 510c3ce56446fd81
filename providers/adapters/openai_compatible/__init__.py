"""Any server that speaks Chat Completions: Ollama, vLLM, llama.cpp, LiteLLM, OpenRouter and the like."""
