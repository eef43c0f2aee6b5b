"""Is it a complaint, and how hard does it reproach? By rules in English and Chinese, on masked texts.

A complaint says that something fell short of what was owed; it need not sound negative, and much that sounds negative
is none (Preoţiuc-Pietro et al. 2019, arXiv 1906.03890). The grades of reproach are Trosborg's, as in Jin & Aletras 2021
(arXiv 2103.12428): 0 no reproach; 1 disapproval, of how things are; 2 accusation, of somebody who did it or let
it happen; 3 blame, a judgement on them or their act. How often the rules are right stands in `KNOWN`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.scoring import masking, signs
from analysis.scoring.signs import Accuracy

LANGUAGES = ("en", "zh")
KNOWN = {
    "complaint_precision_en": Accuracy(0.650, 0.555, 0.736, 103),
    "complaint_recall_en": Accuracy(0.753, 0.654, 0.831, 89),
    "complaint_precision_zh": Accuracy(0.974, 0.868, 0.995, 39),
    "complaint_recall_zh": Accuracy(0.528, 0.414, 0.639, 72),
    "blaming_precision_en": Accuracy(0.714, 0.599, 0.807, 70),
    "blaming_recall_en": Accuracy(0.588, 0.482, 0.687, 85),
    "grade_same_en": Accuracy(0.569, 0.500, 0.636, 202),
}
"""On held-out English mentions of three archives, and on Chinese reviews: `python -m tests.benchmarks.complaints`."""
GRADED = ("en",)
"""Languages whose grades of reproach were measured on enough labels to give shares; elsewhere they are for reading."""
CALLED_FROM = 0.5
"""From this score on a mention is called a complaint."""
ACCUSED_FROM = 0.25
"""An accusation is one in a text that has some sign of a complaint: "you took my hand" is none."""
NONE, DISAPPROVAL, ACCUSATION, BLAME = range(4)

_WHO = (
    r"(?:company|@user|you|u|ya|y['’]?all|they|your \w+|their \w+|(?:the |this |that )?(?:crew|staff|agents?|pilots?"
    r"|drivers?|managers?|employees?|attendants?|reps?|support|customer service|airline|ceo))"
)
_TROUBLE = signs.words(
    r"delay(?:ed|s|ing)?|cancel+(?:ed|ing|ations?|ling)?|cancelled flight\w*|lost|losing|missing|missed|stuck"
    r"|stranded|broken?|broke|crash(?:ed|es|ing)?|freez(?:es|ing)|froze|glitch\w*|bugs?|buggy|error|errors"
    r"|fail(?:ed|s|ing|ure)?|issues?|problems?|wrong|damaged?|dirty|cold|late|overcharged|charged twice"
    r"|double charged|hacked|stolen|rude|unhelpful|ignor(?:ed|es|ing)|refus(?:ed|es|ing)|denied|bumped|overbook\w*"
    r"|oversold"
    r"|on hold|hung up|hang up|disconnect\w*|no (?:response|reply|answer|help|explanation|apology|compensation|refund"
    r"|luggage|bags?|signal|service|wifi|one|info\w*|update)|not (?:working|responding|playing|loading|letting"
    r"|connecting|acceptable|available|happy|able)"
    r"|stop(?:ped|s)? (?:working|playing)|keeps? (?:\w+ ){0,2}\w+ing|never (?:got|received|arrived|called|replied"
    r"|answered|came|again)|outage|not (?:appearing|showing|there|possible|get(?:ting)?)|(?:same|another"
    r"|other) (?:problem|issue|error|thing)s? (?:again|here|over)|happens? (?:again|every|to me|on)|(?:does|did|do|is"
    r"|has|wo|ca)(?:n['’]?t|nt| not) (?:\w+ )?(?:work|play|load|let|connect|help|show|open|make sense|sync|respond"
    r"|find|log|get|see|update|fix|stop)\w*|loss of|shut down|went down|is down|are down|unplayable|logs? me out"
    r"|deleted|disappear\w*|keeps on|no longer|complain\w*|complaint|fault|faulty|mess|nightmare|fiasco|disaster"
    r"|misled|scam\w*|unsafe|injured|hurt|beaten?|dragg?(?:ed|ing)|assault\w*|kicked off|thrown off|forced|violently"
    r"|mistreat\w*|lied|lying"
)
_UNABLE = (
    r"\b(?:(?:does|do|did|has|have|is|was|are|were|wo|ca|could|would|should)n['’]?t|can ?not|cannot|unable to"
    r"|won['’]?t|can['’]?t|still (?:no|not|waiting|haven['’]?t|don['’]?t|isn['’]?t|nothing)|yet to)\b"
)
_WAITED = (
    r"\b(?:wait(?:ed|ing)?|been (?:\w+ ){0,3}(?:for|over|since)|for (?:over |almost |the (?:last|past) )?(?:\d+|two"
    r"|three|four|five|an?|several) ?(?:\+ ?)?(?:min|mins|minutes?|hrs?|hours?|days?|weeks?|months?)|for (?:hours"
    r"|days|weeks|months|ages|years)|since (?:yesterday|last|this|monday|tuesday|wednesday|thursday|friday|saturday"
    r"|sunday)|(?:second|third|2nd|3rd|4th|fourth) time|every time|again and again)\b"
)
_REMEDY = (
    r"\b(?:refund\w*|reimburse\w*|compensat\w*|fix(?: it| this|ed)?|sort (?:it|this)|resolve\w*|help(?: me)?"
    r"|what(?:['’]s| is) (?:going on|wrong|up with)|how (?:long|come|do you|can you)|why (?:is|are|do|does|did"
    r"|can['’]?t|won['’]?t|isn['’]?t|am|have|would|not)|when (?:will|are|can)|where(?:['’]s| is) (?:my|the|our)"
    r"|get (?:it|your act) together|do better|explain|apolog\w+|answer me)\b"
)
_DISPLEASED = signs.words(
    r"worst|worse|terrible|horrible|horrid|awful|appalling|atrocious|pathetic|ridiculous|unacceptable|disappoint\w*"
    r"|frustrat\w*|annoy\w*|angry|furious|upset|unhappy|disgust\w*|disgrace\w*|shame\w*|ashamed|shameful|sucks?"
    r"|sucked|suck|crap\w*|bullshit|joke|useless|hate|hated|poor|bad|sad|sick of|tired of|fed up|outrag\w*"
    r"|inexcusable|unprofessional|incompeten\w*|ugh+|wtf|smh|fuck\w*|shit\w*|damn|never (?:flying|fly|using|use"
    r"|booking|book|buying|buy|again)|boycott\w*|hell|horrif\w*|cruel|inhuman\w*|brutal\w*|barbaric|stupid|idiot\w*"
    r"|insane|evil|excuses?|rip[- ]?off|overpriced|outrageous|unreal|nonsense|mad|ticked|pissed|jackholes?|jerks?"
    r"|liars?|thugs?|lousy|miserable|dreadful|shocking|shocked|dissatisf\w*|unimpressed|impossible|embarrass\w*"
    r"|wasted?|waste of"
)
_PRAISE = signs.words(
    r"thanks?|thank you|thx|love|loved|loving|great|awesome|amazing|best|excellent|kudos|appreciate\w*|wonderful"
    r"|happy|perfect|good job|well done|beautiful|nice|fixed|works now|working now|solved|sorted"
)
_OWN = r"\b(?:i|me|my|we|our|us|im|ive|i['’]\w+)\b"
_TO_THEM = r"\b(?:you|your|u|ur|y['’]?all|guys)\b"

_ACCUSED = (
    rf"\b{_WHO} (?:guys |people |all |just |really |have |has |had |even |also |still |literally |then |now |always "
    rf"|continue to |keep |keeps |are |is |was |were ){{0,3}}"
    r"(?:lost|losing|broke|cancel+\w*|charg\w+|overcharg\w+|ignor\w+|refus\w+|fail\w*|left|leave|lied|lying|lie|stole"
    r"|steal\w*|ruin\w*|drag+\w*|beat\w*|assault\w*|kick\w*|bump\w*|forc\w+|treat\w*|mistreat\w*|threw|hung up"
    r"|delay\w*|overbook\w*|oversold|took|taking|screw\w*|messed|fuck\w*|forgot|won['’]?t|can['’]?t|cannot|don['’]?t"
    r"|doesn['’]?t|didn['’]?t|haven['’]?t|hasn['’]?t|never|remove\w*|hurt\w*|attack\w*|attempt\w*|made (?:me|us|a)"
    r"|make (?:me|us)|told (?:me|us)|rip\w*|forcing|treating|making|putting|telling|calling|ripp?ed|put|shut"
    r"|couldn['’]?t|wouldn['’]?t|isn['’]?t|aren['’]?t|shouldn['’]?t|should(?:['’]ve)? (?:be|have|not|never|learn|do"
    r"|stop|know|train|teach|fix|explain)|need to|needs? to|ought|had no right|put|allow\w*|let (?:me|us|people"
    r"|passengers)|think (?:it|you|that|this)|care\b.{0,10}(?:less|only)|only cares?|scam\w*|block\w*|delet\w*|hid"
    r"|hide|hiding|caus\w+|damag\w*|destroy\w*|sent|misled|sucks?|suck|abus\w*)\b"
    rf"|\bwhy (?:did|do|does|is|are|can['’]?t|won['’]?t|don['’]?t|didn['’]?t|have|has|would|not)(?:n['’]?t)? {_WHO}\b"
    rf"|\bhow (?:can|could|do|dare) {_WHO}\b"
    r"|\b(?:great|nice|good|amazing|brilliant|fantastic|lovely) (?:job|work|operation|way to|going)\b|\bway to (?:go"
    r"|treat|run|lose|ruin)\b|\b(?:your|their) act together\b|\bis any(?:one|body) (?:doing|working|there"
    r"|answering)\b|\bno right to\b|\bhow is (?:it|this) (?:possible|ok|okay|legal|acceptable|even)\b|\bis this how\b"
    r"|\bstop (?:treating|lying|charging|sending|blaming|making|overbooking|beating)\b"
    r"|\bthanks (?:a lot |so much |again )?for (?:nothing|losing|cancel\w*|ruin\w*|making|the (?:delay|wait)|delay\w*"
    r"|leaving|breaking|not)\b"
    r"|\byour (?:\w+ ){0,3}(?:is|are|was|were) (?:\w+ ){0,2}(?:rude|broken|down|wrong|late|useless|terrible|awful"
    r"|horrible|unacceptable|not|a joke|bad|poor)\b"
    r"|\b(?:was|been|got|getting|being) (?:\w+ ){0,2}(?:overcharged|lied to|ignored|bumped|kicked off|dragged|beaten"
    r"|assaulted|scammed|hung up on|mistreated|treated)\b"
)
_BLAMED = (
    r"\bshame on\b|\bashamed\b|\bshameful\b|\bshameless\w*|\bdisgrac\w+|\bdisgust\w*|\bpathetic\b|\bincompeten\w+"
    r"|\bunprofessional\b|\bir?responsible\b|\bdespicable\b|\binexcusable\b|\binhuman\w*|\bbarbaric\b|\bthugs?\b"
    r"|\bthuggery\b"
    r"|\b(?:your|their|company['’]?s?) (?:own )?fault\b|\bblame\b|\bto blame\b|\bliars?\b|\bcrooks?\b|\bthie(?:f"
    r"|ves)\b|\bscammers?\b|\bidiots?\b|\bmorons?\b|\bcriminals?\b|\bevil\b|\bgreed(?:y)?\b|\bclowns?\b|\bscum\b"
    r"|\bassholes?\b|\bpigs\b|\bbull(?:y|ies)\b"
    r"|\b(?:fuck|screw|f\*+k|fck) (?:you|u|off|them|company|this (?:airline|company|app))\b|\bgo to hell\b"
    r"|\bpiece of (?:shit|crap)\b|\b(?:you|company|they|y['’]?all) (?:guys |really |all |just |fucking "
    r"|freaking )?(?:sucks?|blow)\b|\b(?:you|they|company|y['’]?all) (?:guys )?(?:are|is|re) (?:\w+ ){0,2}(?:worst"
    r"|terrible|awful|horrible|useless|trash|garbage|a joke|evil)\b|\bhate (?:you|company|this (?:airline|company|app"
    r"|bank|brand))\b|\bthis (?:airline|company|app|bank|brand) is (?:the )?(?:worst|worse|a joke|terrible|trash"
    r"|garbage|awful)\b"
    r"|\bworst (?:\w+ ){0,3}(?:airlines?|company|service|customer service|app|experience|ever|bank|carrier|in the)\b"
    r"|\bworst\b.{0,15}\bever\b|\b(?:is|are|what) a (?:\w+ ){0,2}joke\b"
    r"|\bnever (?:\w+ ){0,2}(?:fly|flying|use|using|book|booking|buy|buying|order|ordering|trust|trusting|travel"
    r"|travelling|traveling)\b.{0,30}\b(?:again|company|you)\b|\bboycott\w*|\blost (?:a|my"
    r"|me as a) (?:\w+ )?(?:customer|business)\b"
    r"|\b(?:be|get|should be|must be|gets?) (?:fired|sued|jailed|in jail|shut down|ashamed|prosecuted|arrested)\b"
    r"|\bfire (?:the|your|that|him|her|them|munoz|everyone)\b|\bresign\b|\bhope (?:\w+ ){0,3}(?:sues?|bankrupt"
    r"|goes under|fails?|sued)\b|\bdeserves? (?:to|every|all|it)\b"
)

_TROUBLE_HAN = (
    r"(?:太|好|很|有点|特别|真|更|非常|实在太?|过于|都|越来越)(?:慢|少|小|贵|咸|淡|硬|老|油|酸|甜|干|薄|短|吵|脏|乱"
    r"|臭|旧|卡|烫|难)"
    r"|慢了|真慢|洒|凉了|不新鲜|不行|不好|不像|不如|没熟|粗鲁|态度(?:很|太|极|不)?(?:差|恶劣|不好)|没送|没给|没放"
    r"|没加|没按|没有(?:看到|收到|按|放|加|送|给)|送错|忘了|少了|少放|缺|脏|发霉|头发|空的|异物|塑料|落差|区别|缩水"
    r"|偷工减料|图文不符|货不对板"
    r"|退款|不退|没退|拖|延误|取消|丢失|丢了|坏了|坏的|故障|崩|闪退|卡死|打不开|用不了|登不上|连不上|错误|错单|漏|破损"
    r"|变质|异味|冷了|凉了|迟到|晚点|超时|多收|扣费|乱扣|扣钱|没人|不回|不理|没收到|不发货|不给|不让|拒绝|敷衍|推诿"
    r"|踢皮球|投诉|举报|维权|质量问题|假货|受伤|伤人|泄露|没用|无法|不能|打不通|等了|失灵|异响|松了|退不了|解决不了"
    r"|骗"
)
_DISPLEASED_HAN = (
    r"难喝|失败|够了|醉了|醉人|怎么吃|不能吃|不能忍|忍受|不推荐|不建议|不会再|坑人|差了|很差|好差|不怎么样|一般吧"
    r"|太一般|味道一般|效果一般|服务一般|不咋地|不咋样|吐槽|尼玛|麻痹|他么|糟|差劲|太差|很差|差评|垃圾|失望|恶心|气死"
    r"|生气|愤怒|无语|坑|难吃|难用|恶劣|糟糕|糟心|后悔|烦|讨厌|过分|离谱|可笑"
    r"|呵呵|再也不|避雷|拉黑|抵制|最差|差到|一般般|不好吃|不值|太慢|慢死|寒心|心寒|狗屎|什么玩意|忍无可忍|受够"
)
_REMEDY_HAN = (
    r"什么时候|何时|为什么|怎么|咋|给个说法|解释|赔偿|赔|道歉|处理|解决|请.{0,4}(?:处理|解决|退)|麻烦|求|有没有人管"
    r"|谁管"
)
_PRAISE_HAN = r"谢谢|感谢|好评|喜欢|满意|好吃|不错|很好|挺好|给力|点赞|推荐|开心|赞|棒|完美|很快|超赞|爱了"
_ACCUSED_HAN = (
    r"(?:company|你们?|您|他们|贵司|商家|店家|客服|司机|骑手|师傅|平台|老板|店员|工作人员|员工|官方|厂家|卖家).{0,8}?"
    r"(?:不退|不给|不回|不理|不管|不让|不发|没有?|拒绝|敷衍|推诿|踢皮球|乱|骗|偷|漏|忘|多收|扣|取消|态度|拖|骂|打|挂"
    r"|隐瞒|删|拉黑|不承认|不处理|不解决|迟到|送错|拿错|弄|搞|涨价)"
    r"|凭什么|为什么(?:不|要|还|没)|被(?:骗|坑|宰|扣|骂|拉黑|挂)|忽悠|欺骗"
)
_BLAMED_HAN = (
    r"垃圾|骗子|骗钱|无耻|不要脸|可耻|黑心|无良|奸商|坑人|坑爹|坑钱|恶心|滚|缺德|没良心|不负责|责任|活该|倒闭|抵制"
    r"|再也不(?:会|来|买|用|坐|点|去)|最差|差劲|丧尽|草菅|王八|混蛋|傻[逼叉比]|脑残|妈的|他妈|流氓|强盗|吃相|欺负"
    r"|不作为|失职|店大欺客|恶劣"
)
_WEIGHTS = {
    "trouble": 1.7, "unable": 0.8, "waited": 1.1, "remedy": 0.7, (
        "displeased"
    ): 1.6, "own": 0.7, "to_them": 0.7, "named": 0.3,
    "accused": 0.8, "blamed": 0.6, "praise": -1.6,
}  # fmt: skip
_START = {"en": -2.3, "zh": -1.5}
"""Chinese leaves out "I" and "you" where English has them, so that less else must speak for a complaint."""


def columns(masked: Sequence[str], language: str) -> pd.DataFrame:
    """DataFrame[complaint: float64 in [0, 1], reproach: Int64 of 0 to 3], a row per text; null in other languages.

    `complaint` ranks texts by signs of one; it is no probability that anybody calibrated.
    """
    if language not in LANGUAGES or not len(masked):
        return pd.DataFrame(
            {"complaint": np.full(len(masked), np.nan), "reproach": pd.array([pd.NA] * len(masked), "Int64")}
        )
    seen = _chinese(masked) if language == "zh" else _english(masked)
    # Who reports that refunds or help were promised asks for none.
    seen["remedy"] = seen["remedy"] & (seen["own"] | seen["to_them"])
    total = sum((weight * seen[name] for name, weight in _WEIGHTS.items()), np.full(len(masked), _START[language]))
    complaint = (1 / (1 + np.exp(-total))).round(4)
    grade = np.full(len(masked), NONE)
    grade[
        (seen["trouble"] & (seen["displeased"] | seen["unable"])) | seen["displeased"] | (complaint >= CALLED_FROM)
    ] = DISAPPROVAL
    grade[seen["accused"] & (complaint >= ACCUSED_FROM)] = ACCUSATION
    grade[seen["blamed"]] = BLAME
    return pd.DataFrame({"complaint": complaint, "reproach": pd.array(grade, "Int64")})


def _english(masked: Sequence[str]) -> dict[str, np.ndarray]:
    texts = signs.column(masked)
    patterns = {
        "trouble": _TROUBLE, "unable": _UNABLE, "waited": _WAITED, "remedy": _REMEDY, "displeased": _DISPLEASED,
        "own": _OWN, "to_them": _TO_THEM, "accused": _ACCUSED, "praise": _PRAISE, "named": (
            rf"\b{masking.BRAND}\b"
        ), "blamed": _BLAMED,
    }  # fmt: skip
    return {name: signs.found(texts, pattern) for name, pattern in patterns.items()}


def _chinese(masked: Sequence[str]) -> dict[str, np.ndarray]:
    texts = signs.column(masked)
    patterns = {
        "trouble": _TROUBLE_HAN, "unable": r"不能|无法|没法|用不了|打不开|不了", "waited": (
            r"等了|\d+(?:个)?(?:小时|分钟|天|周|月|多天)|半天|至今|还没|第[二三四2345]次|每次"
        ),
        "remedy": _REMEDY_HAN, "displeased": _DISPLEASED_HAN, "own": r"我", "to_them": r"你们|您|贵司|@user",
        "named": masking.BRAND, "accused": _ACCUSED_HAN, "praise": _PRAISE_HAN, "blamed": _BLAMED_HAN,
    }  # fmt: skip
    return {name: signs.found(texts, pattern) for name, pattern in patterns.items()}
