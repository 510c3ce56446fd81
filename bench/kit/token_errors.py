"""How far likely figures and holds lie from what tokenizers really count, by kind of text: the tables of docs/token-counting.md.

From recorded counts alone (`token_texts.recorded`), so that the tables are the same on every machine. What a model's calls teach is
learnt by the product's own `conversations.calibration`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bench.kit.token_texts import recorded, texts
from conversations.calibration import LEAST_CALLS, factors, likely
from providers.tokens import count_tokens, upper_bound
from providers.types import Provider

NEWER_CLAUDE = 1.35  # so many tokens for one of the older tokenizer, as its maker says
OPEN_MODELS = ("gemma_3", "llama_3", "qwen_3", "deepseek_v3", "smollm2")
GROUPS: Mapping[str, Sequence[str]] = {
    "English": ("English",),
    "German, French, Spanish, Polish, Turkish": ("German", "French", "Spanish", "Polish", "Turkish"),
    "Russian, Greek": ("Russian", "Greek"),
    "Arabic, Hebrew": ("Arabic", "Hebrew"),
    "Hindi, Bengali, Tamil, Thai": ("Hindi", "Bengali", "Tamil", "Thai"),
    "Chinese, Japanese, Korean": ("Chinese", "Traditional Chinese", "Japanese", "Korean"),
    "emoji, formulas": ("Emoji", "Maths"),
    "code": ("Python", "JavaScript", "Rust", "SQL", "C", "HTML", "Shell"),
    "JSON, tables, CSV, logs": ("JSON", "JSON without spaces", "Table", "CSV", "Log"),
    "base64, hexadecimal, UUIDs": ("Base64", "Hexadecimal", "UUIDs"),
    "digits, one letter, white space, rules": ("Digits", "One letter", "Spaces", "Rules"),
    "words and letters without a break": ("One word", "Random letters"),
    "random Unicode": ("Random Unicode",),
}
FAMILIES = {
    "OpenAI before GPT-4o": "cl100k",
    "Claude (2023)": "claude_2023",
    "Gemini (Gemma 3)": "gemma_3",
    "Llama 3": "llama_3",
    "Qwen 3": "qwen_3",
    "DeepSeek V3": "deepseek_v3",
    "SmolLM2": "smollm2",
}
_ROUND = 10_000  # counted tokens of a call that a factor is learnt from: each kind of text weighs the same


def bound(provider: Provider, text: str, model_id: str = "", *, counted: int | None = None) -> int:
    """The bound of the text alone, without what messages and requests get for their frame."""
    counted = count_tokens(text) if counted is None else counted
    whole = upper_bound(provider, counted, len(text.encode()), 0, text_chars=len(text), model_id=model_id)
    return whole - upper_bound(provider, 0, 0, 0)


def held(kind: str) -> dict[str, tuple[int, float]]:
    """What a hold counts for this text, and what is true, by who answers."""
    text, truth = texts()[kind], recorded()[kind]
    counted = truth["o200k"]
    claude = min(len(text.encode()), truth["claude_2023"] * NEWER_CLAUDE)
    return {
        "OpenAI": (bound(Provider.OPENAI, text, counted=counted), counted),
        "OpenAI before GPT-4o": (bound(Provider.OPENAI, text, "gpt-4-turbo", counted=counted), truth["cl100k"]),
        "Anthropic": (bound(Provider.ANTHROPIC, text, counted=counted), claude),
        "Gemini": (bound(Provider.GEMINI, text, counted=counted), truth["gemma_3"]),
        "open models": (bound(Provider.OPENAI_COMPATIBLE, text, counted=counted), max(truth[name] for name in OPEN_MODELS)),
    }


def factor(tokenizer: str, kinds: Iterable[str]) -> float:
    """What the product learns of a model with this tokenizer from calls with texts of these kinds, as many of each."""
    known = recorded()
    reported = [round(_ROUND * known[kind][tokenizer] / known[kind]["o200k"]) for kind in kinds]
    return factors(("model", _ROUND, one) for one in reported * LEAST_CALLS)["model"]


def ratio(tokenizer: str, kind: str, learnt: float = 1.0) -> float:
    """The likely figure for one token that is real: 0.8 is a fifth too few."""
    truth = recorded()[kind]
    return likely(truth["o200k"], learnt) / truth[tokenizer]


def likely_table() -> list[str]:
    """In Markdown: the likely figure by kind of text and tokenizer, as it begins and when calls with such texts have taught the factor."""
    rows = []
    for group, kinds in GROUPS.items():
        cells = []
        for tokenizer in FAMILIES.values():
            learnt = factor(tokenizer, kinds)
            before, after = ([ratio(tokenizer, kind, by) for kind in kinds] for by in (1.0, learnt))
            cells.append(f"{_range(before)} → {_range(after)}")
        rows.append([group, *cells])
    return _markdown(["text", *FAMILIES], rows)


def error_table() -> list[str]:
    """In Markdown: the mean error over all kinds of text, by tokenizer and by what the factor was learnt from."""
    mixes = {"nothing yet": None, "English and code": ("English", *GROUPS["code"]), "all kinds, as many of each": tuple(recorded())}
    rows = []
    for name, mix in mixes.items():
        rows.append([name, *(_mean_error(one, dict.fromkeys(GROUPS, factor(one, mix) if mix else 1.0)) for one in FAMILIES.values())])
    same = [_mean_error(one, {group: factor(one, kinds) for group, kinds in GROUPS.items()}) for one in FAMILIES.values()]
    return _markdown(["learnt from", *FAMILIES], [*rows, ["the same kind of text", *same]])


def hold_table() -> list[str]:
    """In Markdown: how many times the real count the input of a hold is."""
    rows = []
    for group, kinds in GROUPS.items():
        overs = [{who: most / real for who, (most, real) in held(kind).items()} for kind in kinds]
        rows.append([group, *(_range([over[who] for over in overs]) for who in overs[0])])
    return _markdown(["text", *held("English")], rows)


def _mean_error(tokenizer: str, learnt: Mapping[str, float]) -> str:
    errors = [abs(ratio(tokenizer, kind, learnt[group]) - 1) for group, kinds in GROUPS.items() for kind in kinds]
    return f"{100 * sum(errors) / len(errors):.0f} %"


def _range(values: Sequence[float]) -> str:
    low, high = f"{min(values):.2f}", f"{max(values):.2f}"
    return low if low == high else f"{low}-{high}"


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)]
