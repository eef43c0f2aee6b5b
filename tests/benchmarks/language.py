"""Language identification: `python -m tests.benchmarks.language`.

Prints the share found to be English of airlines-2015 and TweetEval validation, and Chinese of waimai_10k and weibo_dev
(as they are, and with emoticons stripped), with what is called unknown, too short or mixed, and texts a second of
processor time. Then the same for short texts in other languages, written for this file, with English and Chinese in
use: what counts there is that none is taken for a language that a scorer covers.
"""

import time
from pathlib import Path

import pandas as pd

from analysis.scoring.language import identify

SHARED = Path(__file__).resolve().parents[3] / "shared"
USED = ["en", "zh"]

WRITTEN = {
    "es": [
        "Llevo dos horas esperando y nadie contesta",
        "Qué vergüenza de servicio",
        "Mi maleta todavía no ha llegado",
        "No funciona la aplicación desde ayer",
        "Gracias por nada",
        "Quiero que me devuelvan el dinero",
    ],
    "pt": [
        "Ainda estou à espera da minha encomenda",
        "Que atendimento horrível",
        "O aplicativo não abre desde ontem",
        "Ninguém responde às mensagens",
        "Quero meu dinheiro de volta",
        "Muito obrigado pela ajuda",
    ],
    "fr": [
        "Toujours aucune réponse depuis trois jours",
        "Service client lamentable",
        "Mon colis n'est jamais arrivé",
        "L'appli ne marche plus ce matin",
        "Je veux être remboursé",
        "Merci pour votre aide",
    ],
    "de": [
        "Seit zwei Stunden warte ich auf eine Antwort",
        "Der Zug ist schon wieder zu spät",
        "Mein Paket ist nicht angekommen",
        "Die App stürzt ständig ab",
        "Ich möchte mein Geld zurück",
        "Vielen Dank für die Hilfe",
    ],
    "it": [
        "Aspetto da due ore e nessuno risponde",
        "Che servizio pessimo",
        "Il mio bagaglio non è arrivato",
        "L'app non funziona da ieri",
        "Voglio indietro i miei soldi",
        "Grazie mille per l'aiuto",
    ],
    "nl": [
        "Ik wacht al twee uur op antwoord",
        "Wat een slechte service",
        "Mijn pakket is nog steeds niet bezorgd",
        "De app doet het niet sinds gisteren",
        "Ik wil mijn geld terug",
        "Bedankt voor de hulp",
    ],
    "id": [
        "Sudah dua jam menunggu tidak ada jawaban",
        "Pelayanannya buruk sekali",
        "Paket saya belum sampai juga",
        "Aplikasinya tidak bisa dibuka dari kemarin",
        "Saya mau uang saya kembali",
        "Terima kasih banyak atas bantuannya",
    ],
    "tr": [
        "İki saattir bekliyorum kimse cevap vermiyor",
        "Böyle hizmet olmaz",
        "Kargom hâlâ gelmedi",
        "Uygulama dünden beri açılmıyor",
        "Paramı geri istiyorum",
        "Yardımınız için teşekkürler",
    ],
    "pl": [
        "Czekam już dwie godziny i nikt nie odpowiada",
        "Fatalna obsługa klienta",
        "Moja paczka nadal nie dotarła",
        "Aplikacja nie działa od wczoraj",
        "Chcę zwrotu pieniędzy",
        "Dziękuję za pomoc",
    ],
    "vi": [
        "Tôi chờ hai tiếng rồi mà không ai trả lời",
        "Dịch vụ quá tệ",
        "Hàng của tôi vẫn chưa đến",
        "Ứng dụng không mở được từ hôm qua",
        "Tôi muốn được hoàn tiền",
        "Cảm ơn bạn đã giúp đỡ",
    ],
    "ru": [
        "Жду уже два часа, никто не отвечает",
        "Ужасный сервис",
        "Моя посылка так и не пришла",
        "Приложение не работает со вчерашнего дня",
        "Верните мои деньги",
        "Спасибо за помощь",
    ],
    "ar": [
        "أنتظر منذ ساعتين ولا أحد يجيب",
        "خدمة سيئة جدا",
        "لم تصل حقيبتي حتى الآن",
        "التطبيق لا يعمل منذ أمس",
        "أريد استرداد أموالي",
        "شكرا على المساعدة",
    ],
    "ja": [
        "二時間待っても返事がない",
        "サービスがひどい",
        "荷物がまだ届いていません",
        "昨日からアプリが開かない",
        "返金してほしい",
        "助けてくれてありがとう",
    ],
    "ko": [
        "두 시간째 기다리는데 답이 없네요",
        "서비스가 너무 별로예요",
        "제 택배가 아직도 안 왔어요",
        "어제부터 앱이 안 열려요",
        "환불해 주세요",
        "도와주셔서 감사합니다",
    ],
}
SHORT = ["ok", "😡😡", "!!!", "https://example.org/x", "@someair", "12:30", "\u202e\u200f", "rt"]
MIXED = [
    "客服 never answers, I have been 等了三个小时 already today 太差了 honestly",
    "My order is still 没有送到 and the rider 不接电话 since noon",
    "I have been waiting for two hours at the gate. Llevo dos horas esperando y nadie contesta nada",
    "Mon colis n'est jamais arrivé et personne ne répond. The parcel never came and nobody answers my calls",
    "Приложение не работает, the app does not open since yesterday",
]


def main() -> None:
    print(f"{'set':16} {'n':>6} {'right':>7} {'unknown':>8} {'short':>6} {'mixed':>6} {'other':>6} {'texts/s':>8}")
    for name, texts, language in sets():
        report(name, texts, language)
    print(f"\nshort texts in other languages, {' and '.join(USED)} in use")
    print(f"{'':9} {'n':>6} {'right':>6} {'unknown':>8} {'as ' + ' or '.join(USED):>10} called")
    for language, texts in WRITTEN.items():
        found = identify(pd.Series(texts, dtype="string"), USED)["language"]
        called = ", ".join(sorted(set(found.dropna()) - {language}))
        right, taken = found.eq(language).fillna(False).sum(), found.isin(USED).sum()
        print(f"{language:9} {len(texts):6} {right:6} {found.isna().sum():8} {taken:10} {called}")
    for name, texts, note in (("too short", SHORT, "too_short"), ("mixed", MIXED, "mixed")):
        notes = identify(pd.Series(texts, dtype="string"), USED)["language_note"]
        print(f"{name:9} {len(texts):6} {notes.eq(note).fillna(False).sum():6} called so")


def sets() -> list[tuple[str, pd.Series, str]]:
    """(name, texts, the language that they are in)"""
    airlines = pd.read_csv(SHARED / "archives/airlines-2015/Tweets.csv").drop_duplicates("tweet_id")["text"]
    lines = (SHARED / "benchmarks/sentiment-en/tweeteval_val_text.txt").read_text(encoding="utf-8").split("\n")[:-1]
    folder = SHARED / "benchmarks/sentiment-zh"
    reviews = pd.read_csv(folder / "waimai_10k.csv").dropna().iloc[:, 1]
    posts = pd.read_csv(folder / "weibo_dev.tsv", sep="\t", quoting=3).dropna().iloc[:, 1]
    return [
        ("airlines-2015", airlines, "en"),
        ("TweetEval", pd.Series(lines), "en"),
        ("waimai_10k", reviews, "zh"),
        ("weibo_dev", posts, "zh"),
        ("  stripped", posts.str.replace(r"\[[^\]]{1,8}\]", " ", regex=True), "zh"),
    ]


def report(name: str, texts: pd.Series, language: str) -> None:
    identify(pd.Series(["the model is read once"]), USED)
    started = time.process_time()
    found = identify(texts, USED)
    rate = len(texts) / (time.process_time() - started)
    right = found["language"].eq(language).fillna(False).mean()
    unknown = found["language"].isna()
    short, mixed = (found["language_note"].eq(note).fillna(False).mean() for note in ("too_short", "mixed"))
    other = 1 - right - unknown.mean()
    notes = f"{unknown.mean():8.4f} {short:6.4f} {mixed:6.4f} {other:6.4f}"
    print(f"{name:16} {len(texts):6} {right:7.4f} {notes} {rate:8.0f}")


if __name__ == "__main__":
    main()
