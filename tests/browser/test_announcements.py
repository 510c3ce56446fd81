"""What a screen reader is told: everything that the live region ever held, not only what it holds now."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.person import Chat, Person

_FEW_WORDS = "scripts without spaces"
_ANSWERS = {
    "abbreviations and decimals": (
        r"Dr. Smith paid 3.14 euros, e.g. for tea. He met J. Doe at 5 p.m. in Paris! Was it 2019? Yes. Version 2.0.1 is out."
        r"\n\nSee example.com/a.b for more. The end",
        [
            "Dr. Smith paid 3.14 euros, e.g. for tea.",
            "He met J. Doe at 5 p.m. in Paris!",
            "Was it 2019?",
            "Yes.",
            "Version 2.0.1 is out.",
            "See example.com/a.b for more.",
            "The end",
        ],
    ),
    _FEW_WORDS: (
        r"今日は**晴れ**です。散歩に行きましょう！「いいですね。」と彼は言った。\n\n你好。再见？Mixed text. 終わり",
        ["今日は晴れです。", "散歩に行きましょう！", "「いいですね。」", "と彼は言った。", "你好。", "再见？", "Mixed text.", "終わり"],
    ),
    "code, lists and tables": (
        r"## Plan\n\nLook at this:\n\n```python\nprint('One. Two. Three.')\n```\n\n- First item\n- Second one. With two sentences.\n"
        r"  ```sh\n  ls. Here.\n  ```\n- Third\n\n| Name | Use |\n| --- | --- |\n| A. B. | one |\n| C | two |\n\nDone.",
        [
            "Plan.",
            "Look at this:",
            "Code in python.",
            "First item.",
            "Second one.",
            "With two sentences.",
            "Code in sh.",
            "Third.",
            "Name, Use.",
            "A. B., one.",
            "C, two.",
            "Done.",
        ],
    ),
    "footnotes and references": (
        r"A claim.[^a] And [a link][docs] here. So.\n\n[^a]: Its source.\n\n[docs]: https://example.org/x\n\n"
        r"After it come so many words that whoever listens has heard of the link before anybody knows where it leads to,"
        r" and hears of it no second time. Over.",
        [
            "A claim.",
            "And [a link][docs] here.",
            "So.",
            "Its source.",
            "After it come so many words that whoever listens has heard of the link before anybody knows where it leads to,"
            " and hears of it no second time.",
            "Over.",
        ],
    ),
}


def _listen(chat: Chat) -> None:
    chat.wait_connected()
    chat.page.evaluate(
        """() => { globalThis.said = []; new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(
             node => globalThis.said.push(node.textContent)))).observe(document.getElementById("announcer"),
             { childList: true, subtree: true, characterData: true }); }"""
    )


def _said(chat: Chat) -> list[str]:
    said: list[str] = chat.page.evaluate("globalThis.said.splice(0)")
    return said


def _words(said: list[str]) -> str:
    """Without spaces: sentences of some scripts have none between them."""
    return "".join("".join(said).split())


def test_answers_of_every_kind_are_heard_by_sentences_each_once(person: Person) -> None:
    chat = person.chat
    _listen(chat)
    for kind, (answer, sentences) in _ANSWERS.items():
        chat.ask(f"[[slow:{600 if kind == _FEW_WORDS else 60}]] [[say:{answer}]]")
        expect(chat.page.locator("#announcer p").last).to_contain_text("Answer finished.")
        *said, ending = _said(chat)
        assert _words([*said, ending]) == _words([*sentences, "Answer finished."]), kind
        assert said, kind
        ends = {_words(sentences[:count]) for count in range(len(sentences) + 1)}
        assert all(_words(said[:count]) in ends for count in range(len(said) + 1)), (kind, said)


def test_a_stop_in_mid_sentence_says_the_rest_once_and_that_it_was_stopped(person: Person) -> None:
    chat = person.chat
    _listen(chat)
    words = " ".join(f"word{n}" for n in range(200))
    chat.send(f"[[slow:30]] [[say:A first sentence. Then {words}.]]")
    chat.wait_text("word20")
    expect(chat.page.locator("#announcer")).to_contain_text("A first sentence.")
    chat.button("Stop").click()
    chat.wait_status("stopped")
    said = _said(chat)
    written = chat.body().inner_text().strip()
    assert said[0] == "A first sentence."
    assert len(said) == 2
    assert " ".join(said) == f"{written} Answer stopped."
