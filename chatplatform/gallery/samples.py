"""What the states are made of: ids, moments, people's words, models."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from conversations.types import ModelChoice
from providers.types import ModelInfo, Prices, Provider

SAID_AT = datetime(2026, 11, 2, 14, 5, tzinfo=UTC)
HERE = UUID(int=1)  # the conversation
ADA = {"name": "Ada Lovelace", "email": "ada@example.org"}
LONG_NAME = "Reisekostenabrechnung der Außendienstmitarbeiterinnen, and everything that came out of the second meeting about it"

ANSWER = """\
Flat loaves nearly always come down to **one of three things**:

1. The *starter*: it should double within 4 to 6 hours.
2. The temperature; at 18 °C everything takes twice as long.
3. The shaping. See [what bakers say](https://example.org/shaping).

> Watch the dough, not the clock.

`kneading` helps less than people think.
"""
CODE = (
    """\
```python
def most_common(text: str, count: int = 10) -> list[tuple[str, int]]:
    \"\"\"The words that are there most often, and how often; a comment that is long enough to need a scroll bar of its own.\"\"\"
    return Counter(word.casefold() for word in re.findall(r"\\w+", text)).most_common(count)


"""
    + "\n".join(f"assert most_common('a ' * {number}) == [('a', {number})]  # {number}" for number in range(1, 41))
    + "\n```\n\n```\nno language\n```\n"
)
MATHS = r"""
The roots of $ax^2 + bx + c = 0$ are

$$x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}$$

and $$\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}, \qquad A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}$$

while it costs $5 to $10. Chemistry: $\ce{2H2 + O2 -> 2H2O}$. An open end: $\frac{1}{$.
"""
TABLE = """\
| dough temperature | bulk fermentation | when to use it | what to watch for in the first three hours | notes |
| --- | ---: | :---: | --- | --- |
| 20 °C | 8–10 h | overnight | hardly anything, which worries everybody | slow and sour |
| 24 °C | 5–6 h | mornings | small bubbles at the edge | the usual way |
| 27 °C | 3½–4½ h | in a hurry | a dome | mild |
"""
FOOTNOTES = """\
Bread is older than farming[^1], and leavened bread is at least as old as beer[^old].

- [x] found
- [ ] dated

[^1]: Charred crumbs of 14,000 years ago.
[^old]: Which of the two came first is *disputed*.
"""
HEADINGS = """\
# A large heading
## A second one
### A third one

- a list
  - in a list

---

نص عربي في فقرة من اليمين إلى اليسار.
"""
REASONING = "The person asks about bread.\n\nFirst the starter, then the temperature. I should keep it short."


def message_id(number: int) -> UUID:
    return UUID(int=1000 + number)


def _model(provider: Provider, name: str, price: tuple[str, str], *abilities: str) -> ModelInfo:
    prices = Prices(input=Decimal(price[0]), output=Decimal(price[1]))
    model_id = name.lower().replace(" ", "-")
    return ModelInfo(f"{provider.value}:{model_id}", provider, model_id, name, 200_000, 8192, frozenset(abilities), prices)


SMALL = _model(Provider.OPENAI, "Small 5", ("0.25", "2"), "tools")
MIDDLE = _model(Provider.ANTHROPIC, "Middle 4", ("3", "15"), "vision", "pdf", "tools")
LARGE = _model(Provider.ANTHROPIC, "Large 4", ("15", "75"), "reasoning", "vision", "pdf", "tools", "web_search")
DEMONSTRATION = ModelInfo(
    "local:demo", Provider.LOCAL, "demo", "Demonstration", 4096, 1024, frozenset(), Prices(), "A small demonstration model", demo=True
)
CHOICES = (
    ModelChoice(MIDDLE),
    ModelChoice(LARGE, included=False, plans=("Pro", "Enterprise")),
    ModelChoice(SMALL),
    ModelChoice(DEMONSTRATION),
)
