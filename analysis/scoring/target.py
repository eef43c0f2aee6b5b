"""Whom a negative mention is angry at: the organisation, another customer, a third party, a rival; else unclear.

By rules in English and Chinese over masked text. Somebody else is only named where the words blame them and do not
blame the organisation as well: a spike of anger at others is no crisis of ours, so calling it one needs evidence. How
often the rules are right stands in `KNOWN`.
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.scoring import masking, signs
from analysis.scoring.signs import Accuracy

TARGETS = ("organisation", "customer", "third_party", "rival", "unclear")
LANGUAGES = ("en", "zh")
KNOWN = {
    "organisation_precision": Accuracy(0.885, 0.806, 0.935, 96),
    "organisation_misplaced": Accuracy(0.030, 0.010, 0.084, 101),
}
"""On held-out English mentions of three archives: how often anger laid at the organisation is at it, and how much of
the anger at it is laid at others. `python -m tests.benchmarks.targets`. Finding anger at others is measured on invented
texts only.
"""
RIVAL = "rivalfirm"
"""What a rival's name becomes before the rules read a text."""

_FAULT = (
    r"(?:should (?:\w+ )?be (?:fired|arrested|charged|jailed|prosecuted|sued|ashamed|in jail|locked up"
    r"|held (?:accountable|responsible))|ought to be ashamed|must be (?:fired|arrested|charged)|to blame|(?:is|are"
    r"|was|were) (?:\w+ ){0,2}"
    r"(?:to blame|at fault|responsible|corrupt|stupid|useless|disgusting|disgraceful|idiots?|pathetic|terrible|awful"
    r"|horrible|a joke|liars?|lying|thugs?|criminals?|out of control|incompetent|a disgrace|biased|clueless|worse"
    r"|evil|racist|crazy|insane|ridiculous)"
    r"|(?:sucks?|lied|lies|failed us|screwed (?:us|me|up)|ruined (?:my|our|the)|did this|did it|messed up))"
)
_OFFICE = (
    r"(?:police\w*|cops?|(?:police |security |airport |federal )?officers?|(?:airport |mall )?security(?: guards?)?"
    r"|guards?|tsa|homeland security|customs|border (?:force|control|agents?)|airport authority|(?:the )?airports?"
    r"|government|govt|congress\w*|parliament"
    r"|senat\w+|president|presidents|trump\w*|obama|prime minister|ministers?|ministry|mayor|council|politicians?"
    r"|republicans?|democrats?|gop|faa|dot|fcc|ftc|sec|epa|fda|regulators?|watchdog|courts?|judges?|lawmakers?"
    r"|the law|lawyers?|unions?|hackers?|scammers?|contractors?|suppliers?|the media|media|msm|the press|journalists?"
    r"|reporters?|newspapers?|tabloids?|cnn|fox news|bbc|news (?:outlets?|channels?)|headline writers?|influencers?"
    r"|protest[eo]rs?|activists?|strikers?|fraudsters?|thieves|landlords?"
    r"|weather|snow|snowstorm|storms?|hurricanes?|fog|ice|mother nature|air traffic control|the bank|banks)"
)
_PEOPLE = (
    r"(?:passengers?|customers?|guests?|travell?ers?|riders?|users?|shoppers?|diners?|guy|dude|man|men|woman|women"
    r"|lady|girl|boy|kids?|child|children|baby|people|person|couple|family|parents|fans?|neighbou?rs?)"
)
_ORGANISATION = (
    r"(?:\b(?:fuck|screw|shame on|boycott\w*|hate|sue|suing|avoid|ditch\w*|disappointed (?:in|with|by)"
    r"|disgusted (?:by|with|at)|done with|fed up with|sick of|leaving|never (?:\w+ ){0,2}(?:fly|flying|use|using|buy"
    r"|buying|book|booking|order|ordering|trust|with)) (?:\w+ ){0,2}company\b)"
    r"|\bcompany(?:['’]?s)? (?:\w+ ){0,2}?(?:fault|sucks?|lied|lies|lying|beat|dragged|assault\w*|attack\w*|abus\w+"
    r"|failed|fails|to blame|refus\w+|ruin\w*|caus\w+|ignor\w+|screw\w*|messed|should|needs? to|must"
    r"|had it (?:all )?wrong|won['’]?t|can['’]?t|didn['’]?t|doesn['’]?t)\b|\bcompany\b.{0,30}\b(?:worst|sucks?"
    r"|terrible|awful|horrible|pathetic|ridiculous|unacceptable|disgust\w*|disgrac\w*|shame\w*|joke|cancel\w*"
    r"|delay\w*|lost|refund|broke|fired?|ceo)"
    r"|\b(?:worst|terrible|awful|horrible|pathetic|disgust\w*|useless|ridiculous)\b.{0,30}\bcompany\b"
    r"|\b(?:you guys|y['’]?all|your (?:\w+ )?(?:airline|company|staff|crew|employees?|customers?|passengers?|agents?"
    r"|service|app|policy|policies|flights?|planes?|ceo|team|website|drivers?|store|people|pr|pilots?))\b"
    r"|\b(?:nice|great|good) (?:work|job|going) company\b|\bthis (?:airline|company|app|bank|brand|store|shop|carrier"
    r"|firm|restaurant|hotel)\b"
    r"|\b(?:worst|terrible|awful|horrible|shitty|bad|poor) (?:\w+ )?(?:airline|company|customer service|service|app"
    r"|bank|network)\b"
)
_AT_YOU = r"\b(?:you|your|you['’]?re|youre|yourselves|u|ur|ya)\b"
_THIRD = (
    rf"\b(?:fuck|screw|shame on|blame|damn|boycott|hate|fire|arrest|jail|sue|thanks to|fault of|because of"
    rf"|thank you) (?:the |these |those |that |this |you |all |our |a |fucking |stupid |idiot |useless |corrupt "
    rf"|local ){{0,3}}{_OFFICE}\b"
    rf"|\b{_OFFICE}(?:['’]?s)? (?:fault|{_FAULT})\b|\b{_OFFICE} who \w+ (?:\w+ ){{0,8}}{_FAULT}\b"
    rf"|\b(?:stupid|corrupt|useless|incompetent|disgusting|lying|biased|lazy|racist|idiot|clueless|bloody"
    rf"|thug) {_OFFICE}\b|\b{_OFFICE} (?:thugs|goons|bullies|brutality|corruption|bias)\b"
)
_CUSTOMER = (
    rf"\b(?:entitled|rude|drunk|drunken|selfish|screaming|smelly|loud|nasty|racist|obnoxious|crazy|angry|abusive"
    rf"|unruly|inconsiderate|disgusting|annoying|crying) (?:\w+ )?{_PEOPLE} (?:\w+ ){{0,3}}?(?:next to|behind"
    rf"|in front of|beside|across|around|in the row|in (?:the )?queue|in line|on (?:my|the|this|our)|sitting|who|that"
    rf"|kept|keeps|is|was|were|are|tonight|today)\b"
    rf"|\b{_PEOPLE} (?:\w+ ){{0,2}}?(?:next to|behind|in front of|beside|opposite|across from) (?:me"
    rf"|us)\b.{{0,60}}\b(?:kick\w*|scream\w*|snor\w*|yell\w*|smell\w*|stink\w*|won['’]?t|kept|keeps|cough\w*|push\w*"
    rf"|shov\w*|drunk|rude|loud|talking|recline[sd]?|annoying|disgusting|asshole|vap\w+|crying)\b"
    r"|\b(?:he|she|passenger|doctor|guy|man|woman|dude|customer) (?:should['’]?ve|should have|shoulda|needed to"
    r"|had to) (?:just |simply )?(?:left|complied|complies|obeyed|listened|gotten off|got off|got up|shown|showed"
    r"|bought|worn|waited|stayed|followed (?:the )?(?:rules|orders|instructions)|moved|paid|read the)\b"
    rf"|\b{_PEOPLE} (?:\w+ )?(?:trashed|pushed|shoved|spat|punched|slapped|screamed|stole|littered|puked|vomited"
    rf"|run wild"
    r"|attacked (?:the|a|my|our) (?:driver|crew|staff|attendant|cashier|clerk|nurse|agent)"
    r"|(?:treats?|yell(?:s|ed)? at|shout(?:s|ed)? at|abuse[sd]?|harass(?:ed|es)?|insult(?:s|ed)?) "
    r"(?:the |your |their |poor )?(?:staff|drivers?|crew|workers?|attendants?|cashiers?|waiters?|nurses?))\b"
    r"|\b(?:some|an?|this|that|the) (?:total |complete |drunk |absolute )?(?:idiot|jerk|moron|asshole|arsehole|creep"
    r"|prick|twat) (?:\w+ ){0,2}(?:kick\w*|next to|behind|in front|who|keeps|kept|is|was|took|stole|push\w*|cut)\b"
    r"|\b(?:people|parents|passengers|customers|guests) who (?:\w+ )?(?:play|cut|push|shove|leave|talk|recline|smoke"
    r"|vape|shout|scream|refuse|let their|bring|block|steal|jump)\b"
    r"|\b(?:entitled|selfish|ignorant|stupid) (?:passengers?|customers?|shoppers?|guests?|diners?|users?"
    r"|parents) (?:who|that|are|need|should)\b"
)
_NOT_US = (
    rf"\b(?:not|n['’]?t|never|without|instead of|rather than) (?:\w+ ){{0,3}}{masking.BRAND}\b|\b(?:on|off|from"
    rf"|aboard) (?:a |the |an |my |our |this )?{masking.BRAND}(?:['’]s)? (?:flight|plane|bus|train|ride|store|app"
    rf"|group|page)\b"
    rf"|\b{masking.BRAND} (?:did nothing wrong|(?:is|was|are|were) (?:not|n['’]?t) (?:to blame|at fault|the problem))\b"
)
_NOT_US_HAN = rf"(?:不怪|不能怪|别怪|不是|与|跟|和){masking.BRAND}(?:的错|的责任|的问题|无关|没关系|，|。|,|\s|$)"
_QUOTED = (
    r"\bblam(?:e|ed|es|ing) the (?:victim|passenger|customer|doctor)|['\"“‘’][^'\"”’]{0,80}(?:should have"
    r"|should['’]ve|blame)|^['\"“‘’]|\b(?:say|says|said|blames?|claims?|thinks?)\b.{0,20}$"
)
_AGAINST = (
    rf"\b(?:hate|sick of|tired of|angry (?:at|with)|furious (?:at|with)|mad at|disgusted (?:by|with|at)|fed up with"
    rf"|ashamed of) (?:how |the way |what )?(?:the |these |those |this |that |our )?{_OFFICE}\b"
)
"""Anger at an office that stays so where the organisation is named as well."""
_DAMNING = (
    r"\b(?:rude|annoy\w*|angry|pointless|scum|rot|sick|nightmare|missed|overcharg\w*|abus\w*|harass\w*|shame\w*"
    r"|ashamed|disgrac\w*|disgust\w*|pathetic|useless|incompeten\w*|corrupt\w*|outrag\w*|liars?|lying"
    r"|lied|idiots?|thugs?"
    r"|bull(?:y|ies)|joke|hate|worst|terrible|awful|horrible|ruin\w*|fault|blame|fail(?:ed|ure)|mess|chaos|ridiculous"
    r"|stuck|stranded|fired|jail|fuck\w*|damn|sick of|fed up)\b"
)
_OFFICE_NAMED = rf"\b{_OFFICE}\b"
_RIVALRY = (
    rf"\b{RIVAL}(?:['’]?s)?\W+(?:\w+\W+){{0,3}}?(?:sucks?|worse|worst|terrible|awful|horrible|shit\w*|crap\w*|trash"
    rf"|useless|cancel\w*|lost|refus\w+|(?:over)?charg\w+|ripp?\w*|failed|lied|ruin\w*|never again|is a joke"
    rf"|are (?:a joke|crooks|thieves))\b"
    rf"|\b(?:fuck|screw|hate|boycott|avoid|never (?:\w+ ){{0,2}}(?:fly|us(?:e|ing)|buy|book|order|trust)\w*|worst"
    rf"|shame on"
    rf"|leaving|left|stuck with|fed up with|sick of) (?:\w+ ){{0,2}}{RIVAL}\b"
)
_BETTER = (
    rf"\b{RIVAL}\b.{{0,30}}\b(?:better|great|would never|wouldn['’]?t)\b|\b(?:switch\w*|mov\w+|going|go|back|over|try"
    rf"|use"
    rf"|fly|choose|prefer|than|like) (?:\w+ )?(?:to |with )?{RIVAL}\b"
)

_THIRD_HAN = (
    r"(?:警察|警方|公安|民警|城管|政府|监管|部门|交警|交通局|工商|市监|法院|法官|专家|媒体|记者|小编|营销号|机场|海关"
    r"|领导|官员|快递公司|物业|学校|医院|银行|黑客|水军|键盘侠|天气|台风|暴雨|大雪|大雾).{0,10}?"
    r"(?:不作为|不管|失职|太差|垃圾|活该|打人|暴力|太过分|恶心|无语|胡说|造谣|带节奏|瞎报|乱写|乱报|不公|黑心|害|搞"
    r"|坑|乱|装瞎|推卸|甩锅|骗|扣|封|有病|一刀切|真恶心|可恶|该骂|背锅|的锅)"
    r"|(?:都怪|(?:这事|只|该|要)怪|怪|该骂的是|骂|鄙视|抵制|可恶的|该死的|无良|黑心|垃圾|恶心的?).{0,4}?(?:警察|交警"
    r"|警方"
    r"|公安|城管|政府|监管|部门|媒体|记者|营销号|机场|法院|专家|水军|键盘侠|天气|台风|暴雨)"
)
_OFFICE_HAN = (
    r"警察|交警|警方|公安|民警|城管|保安|政府|监管|[\p{Han}]{2}局|法院|法官|专家|媒体|记者|小编|营销号|机场|海关|领导"
    r"|官员|房东|中介|物业|学校|医院|银行|黑客|水军|键盘侠|造谣|谣言|差评师|天气|台风|暴雨|大雪|大雾"
)
_DAMNING_HAN = (
    r"霸道|嚣张|恶心|忽悠|坑|可恶|甩锅|垃圾|过分|无语|恶劣|太差|骗|无耻|不作为|黑心|气死|讨厌|烦死|活该|打人|瞎|乱"
)
_CUSTOMER_HAN = (
    r"(?:乘客|旅客|顾客|客人|用户|粉丝|路人|大妈|大爷|大叔|小孩|熊孩子|家长|游客|那个男的|那个女的|旁边的?人?|后排"
    r"|前排|邻座|买家|车主|网友|有些人|某些人|这种人|那些人|邻居).{0,12}?"
    r"(?:素质|没教养|不讲理|无理取闹|活该|闹事|插队|踢|吵|大喊|外放|脱鞋|骂人|打人|撒泼|碰瓷|不要脸|自私|有病|恶心"
    r"|乱停|乱扔|破坏|霸座|逃票|欠揍|讨厌|过分|太坏|缺德)"
    r"|(?:没素质|自私|缺德|可恶|讨厌|恶心)的?(?:乘客|旅客|顾客|客人|用户|游客|粉丝|人|大妈|大爷|家长|熊孩子)|熊孩子"
)
_ORGANISATION_HAN = (
    r"(?:你们|贵司|company.{0,12}?(?:垃圾|太差|差劲|坑|骗|恶心|无耻|黑心|道歉|赔|退|不|没|崩|故障|涨价|倒闭|失望|投诉"
    r"|客服|态度|恶劣|乱|差评|拖|扣)|(?:垃圾|抵制|投诉|卸载|再也不.{0,3}|讨厌|坑人的?|无良|黑心)company)"
)
_AT_YOU_HAN = r"你们|贵司|您们"
_RIVALRY_HAN = (
    rf"{RIVAL}.{{0,10}}?(?:垃圾|太差|更差|差劲|坑|骗|恶心|无耻|黑心|崩|故障|涨价|倒闭|失望|难用|难喝|难吃|恶劣|差评)"
    rf"|(?:垃圾|抵制|投诉|卸载|再也不.{{0,3}}|讨厌|坑人的?|无良|黑心){RIVAL}"
)
_BETTER_HAN = rf"(?:换|改用|转|去|还是|不如|比不上|学学|用){RIVAL}|{RIVAL}.{{0,6}}?(?:好|强|靠谱|香|不会)"


def columns(masked: Sequence[str], language: str, *, answering: Sequence[bool]) -> np.ndarray:
    """object (n,): one of TARGETS for each text; None in other languages.

    `answering` says which texts answer or address the organisation, by thread or handle: their "you" is it.
    """
    if language not in LANGUAGES or not len(masked):
        return np.full(len(masked), None, dtype=object)
    texts = signs.column(masked)
    chinese = language == "zh"
    pick = (
        (_ORGANISATION_HAN, _AT_YOU_HAN, _THIRD_HAN, _CUSTOMER_HAN, _RIVALRY_HAN, _BETTER_HAN)
        if chinese
        else (_ORGANISATION, _AT_YOU, _THIRD, _CUSTOMER, _RIVALRY, _BETTER)
    )
    blamed, at_you, third, customer, rivalry, better = (signs.found(texts, pattern) for pattern in pick)
    named = signs.found(texts, masking.BRAND if chinese else rf"\b{masking.BRAND}\b")
    spoken_to = np.asarray(answering, dtype=bool)
    blamed = blamed | (at_you & spoken_to)
    excused, quoted = (signs.found(texts, pattern) for pattern in (_NOT_US_HAN if chinese else _NOT_US, _QUOTED))
    blamed = blamed & ~(excused & chinese)
    against = signs.found(texts, _AGAINST) & (not chinese)
    third = third | against
    rival = rivalry & ~better & ~blamed & ~(spoken_to & at_you)
    out = np.full(len(masked), "unclear", dtype=object)
    out[named | spoken_to | blamed] = "organisation"
    # Where neither the organisation nor "you" is spoken of, damning words beside an office are about the office.
    office, damning = (_OFFICE_HAN, _DAMNING_HAN) if chinese else (_OFFICE_NAMED, _DAMNING)
    alone = ~named & ~spoken_to & ~at_you & ~rivalry
    third = third | (signs.found(texts, office) & signs.found(texts, damning) & alone)
    apart = (~named & ~spoken_to) | excused | against
    out[(third | customer) & ~quoted & (out != "unclear")] = "unclear"
    out[third & ~customer & ~blamed & ~quoted & apart] = "third_party"
    out[customer & ~third & ~blamed & ~quoted] = "customer"
    out[rival] = "rival"
    return out


def rivals(texts: pd.Series, names: Sequence[str]) -> pd.Series:
    """`texts` with the names of rivals as RIVAL, whatever their case."""
    forms = [
        masking.form(name) for name in sorted(set(names), key=lambda name: (-len(name), name)) if masking.form(name)
    ]
    if not forms:
        return texts
    pattern = re.compile(rf"[@#＠＃$]?(?:{'|'.join(forms)})", re.IGNORECASE)
    return texts.map(lambda text: pattern.sub(f" {RIVAL} ", text), na_action="ignore")
