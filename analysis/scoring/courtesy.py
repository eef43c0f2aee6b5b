"""Courtesy markers: the strategies by which a text is polite in form (definitions C9), by rules in English and Chinese.

The strategies are those of Danescu-Niculescu-Mizil et al. 2013 (arXiv 1306.6078), as ConvoKit lists them; the rules are
our own. They are markers, not politeness: a courteous refusal has them, a blunt favour has none. So each is shown as a
rate, and English texts get a net score beside it, whose weights were fitted to what people said of requests.

The score ranks the most and the least polite quarter of requests between Wikipedia's editors right in the share of
pairs that AUC says; `python -m tests.benchmarks.courtesy` computes it. Nothing was measured on replies of
organisations (on another site's requests such markers did worse: methods 6), and nothing in Chinese: Chinese texts have
rates and no score.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.scoring import masking
from analysis.scoring.signs import Accuracy, column, found, words

_START = r"^(?:@\w+[\s,.:]*|hi\b[\s,.!]*|hey\b[\s,.!]*|hello\b[\s,.!]*)*"
"""The beginning of a text, handles and a greeting set aside."""
_SENTENCE = r"(?:^|[.!?]\s+)(?:@\w+[\s,.:]*)?"
ENGLISH = {
    "gratitude": words(
        "thank(?:s|ed|ing)?", "thx", "ty", "cheers for", "appreciat(?:e|ed|ive)", "grateful", "gratitude"
    ),
    "deference": r"(?:^|[.!?,;-]\s*)(?:nice|good|great|excellent|interesting|impressive|awesome|cool|neat|lovely)"
    r"\s+(?:work|job|catch|point|idea|one|article|find|stuff|to (?:see|hear)|question|effort|luck)\b"
    r"|\b(?:well done|congrat\w*|good work|great work|great job|good job|kudos|admire|impressed|your (?:great|good|"
    r"hard|excellent|fine|kind|helpful|valuable) \w+|wonderful|excellent|fantastic|honou?red)\b",
    "greeting": r"^(?:@\w+[\s,.:]*)*(?:hi|hello|hey|greetings|good (?:morning|afternoon|evening|day)|howdy|hiya)\b",
    "apology": words(
        "sorry",
        "apolog(?:y|ies|i[sz]e|i[sz]ing)",
        "forgive",
        "excuse me",
        "pardon",
        "regret",
        "my bad",
        "oops",
        "my mistake",
    ),
    "please": r"[^.!?\s]\s+(?:please|pls|plz)\b",
    "please_start": rf"{_SENTENCE}(?:please|pls)\b",
    "indirect": r"\bby the way\b|\bbtw\b|\bincidentally\b|\bwhenever you\b|\bwhen you (?:get|have|find)\b|\bif "
    r"(?:you|it)(?:'s| is|'re| are| have|'d| would| could| get| don't| wouldn't| can| want| like)?(?: not too)?"
    r" (?:possible|time|mind|willing|like|interested|able|a chance|chance|want|would like|wish|need|happy)\b",
    "would_you": r"\b(?:could|would|might|may) (?:you|i|we)\b|\bwould (?:it be|anyone|someone)\b",
    "wondering": r"\bi(?:'m| am| was)? (?:just )?(?:wonder(?:ing|ed)?|curious|hoping)\b|"
    r"\bwould (?:like|love|appreciate)\b|\bi'd (?:like|love|appreciate|be (?:happy|glad|grateful))\b"
    r"|\b(?:any|some) (?:help|advice|thoughts|ideas|input"
    r"|suggestions|feedback|chance)\b|\b(?:take|have) a (?:quick )?look\b|\byou think\b"
    r"|\byour (?:thoughts|opinion|advice|help|input|view)\b|\bwould you be\b|\bhelp (?:me|us|you|out|with)\b"
    r"|\bfeel free\b|\bhappy to\b|\bglad to\b",
    "can_you": r"\b(?:can|will|do) you\b",
    "hedge": words(
        "seems?",
        "perhaps",
        "maybe",
        "possibly",
        "probably",
        "apparently",
        "i (?:think|believe|guess|suppose|feel)",
        "sort of",
        "kind of",
        "might",
        "somewhat",
        "suggest(?:ed|ion)?",
        "rather",
        "a (?:bit|little)",
        "i assume",
        "not sure",
        "i noticed",
    ),
    "we": words("we", "our", "us", "let'?s"),
    "best_wishes": words(
        "regards",
        "best wishes",
        "take care",
        "have a (?:nice|good|great|lovely|wonderful)",
        "hope (?:this|that|it)",
        "welcome",
        "good luck",
        "enjoy",
        "happy (?:holidays|new)",
        "looking forward",
        "look forward",
    ),
    "factuality": words(
        "actually",
        "in fact",
        "the (?:fact|truth|point|reality)",
        "really",
        "honestly",
        "obviously",
        "clearly",
        "surely",
        "simply",
    ),
    "you_start": rf"{_START}(?:you|your|you're|you've)\b",
    "direct_start": rf"{_START}(?:so|then|and|but|or|well)\b",
    "direct_question": r"\bwhy\b|\b(?:how|what|who) (?:on earth |the hell |exactly |else )?(?:did|are|have|is|can)"
    r"(?:n't)? (?:you|this|that|it|your)\b",
    "denial": words("no", "not", "cannot", "\\w+n't", "nothing", "nobody", "none"),
    "reproach": words(
        "stop",
        "don't",
        "do not",
        "never",
        "wrong",
        "nonsense",
        "stupid",
        "ridiculous",
        "bullshit",
        "crap",
        "bias(?:ed)?",
        "your (?:own|problem|point)",
        "you (?:should|must|need to|have to|are not|can't|cannot|"
        "keep|don't|didn't|clearly|obviously|just|even|seriously|really)",
        "why not",
        "hell",
        "damn",
        "care to",
        "bother(?:ed)?",
        "seriously",
        "so what",
    ),
    "punctuation": r"\?\s*\?|!\s*!|\?!|!\?",
}
"""Strategy → pattern (RE2, whatever the case)."""
CHINESE = {
    "gratitude": "谢谢|感谢|多谢|谢您|謝謝|感謝",
    "deference": "宝贵|寶貴|贵方|贵司|贵公司|尊敬的|您辛苦|辛苦您|辛苦了|久仰|荣幸|榮幸",
    "greeting": "您好|你好|哈喽|亲爱的|親愛的|早上好|晚上好|下午好|大家好",
    "apology": "抱歉|对不起|對不起|致歉|歉意|道歉|不好意思|见谅|見諒",
    "please": "请|請|麻烦|麻煩|劳驾|勞駕|烦请|劳烦",
    "honorific": "您|贵姓",
    "would_you": "能否|可否|是否方便|方便.{0,8}吗|方便的话|可以.{0,12}吗|好吗|能不能",
    "hedge": "可能|也许|或许|大概|似乎|应该是|也許|或許",
    "we": "我们|我們|咱们|小编",
    "best_wishes": "祝|愿您|願您|期待|欢迎|歡迎",
    "promise": "一定会|一定會|保证|保證|尽快|盡快|第一时间|马上|立即",
    "you_plain": "你(?:[^们好們]|$)",
    "direct_question": "为什么|為什麼|为何|怎么会|怎么可能|凭什么",
    "denial": "不能|无法|無法|不可以|不行|必须|必須|不得|严禁|拒绝|不支持|没办法",
}
"""Strategies in Chinese after ConvoKit's list for it (Li et al. 2020, doi 10.1145/3415190); the words are our own."""
PATTERNS = {"en": ENGLISH, "zh": CHINESE}
BLUNT = (
    *(
        "please_start",
        "factuality",
        "you_start",
        "direct_start",
        "direct_question",
        "denial",
        "reproach",
        "punctuation",
    ),
    "you_plain",
)
"""Strategies that go with less politeness; `we` and `promise` go with neither."""
NEITHER = ("we", "promise")
WEIGHTS = {
    "gratitude": 2.6, "deference": 2.2, "greeting": 2.0, "apology": 1.2, "please": 1.3, "would_you": 1.6,
    "wondering": 1.6, "can_you": 0.9, "best_wishes": 0.6, "hedge": 0.7, "indirect": 0.5, "please_start": -0.6,
    "you_start": -0.5, "reproach": -0.7, "denial": -0.7, "direct_start": -1.2, "punctuation": -2.0,
    "direct_question": -1.4, "factuality": -1.3,
}  # fmt: skip
"""Log odds of the politest against the least polite quarter, by logistic regression on the development half."""
MIDDLE = 0.4
"""What the score of a text that is as likely in the one quarter as in the other comes to."""
AUC = Accuracy(0.8675, 0.8466, 0.8885, 1112)
"""Share of pairs of a polite and an impolite request that the score ranks right; n: requests.

On the half of the politest and least polite quarter of Wikipedia's requests that no rule and no weight was made on.
"""


def markers(texts: Sequence[str], language: str) -> pd.DataFrame:
    """bool DataFrame, a row per text and a column per strategy of `language` ("en" or "zh"; KeyError for others)."""
    plain = column([" ".join(masking.plain(text).replace("’", "'").split()) for text in texts])
    return pd.DataFrame({name: found(plain, pattern) for name, pattern in PATTERNS[language].items()}, dtype=bool)


def score(marked: pd.DataFrame) -> np.ndarray:
    """float64 (n,): how courteous English texts are in form, from their `markers`; above 0 is the polite side."""
    return marked[[*WEIGHTS]].to_numpy(dtype=np.float64) @ np.array([*WEIGHTS.values()]) - MIDDLE


def net(marked: pd.DataFrame) -> np.ndarray:
    """float64 (n,): strategies of courtesy less strategies of bluntness in each text (definitions C9)."""
    blunt = [name for name in marked.columns if name in BLUNT]
    polite = [name for name in marked.columns if name not in (*BLUNT, *NEITHER)]
    return marked[polite].sum(axis=1).to_numpy(dtype=np.float64) - marked[blunt].sum(axis=1).to_numpy(dtype=np.float64)
