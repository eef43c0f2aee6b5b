"""Does a mention ask for something, or report trouble of its own? In English and Chinese, on texts as they are.

A reply is needed where somebody waits for one; who only judges waits for none. How often the whole triage is right
stands in `python -m tests.benchmarks.triage`.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.scoring import signs

_UNREAD = r"https?://\S+|\bpic\.twitter\.com/\S+"
_ASKED = (
    r"[?？]|\b(?:please|pls|plz|help|assist\w*|advise|advice|any (?:update|idea|chance|news|luck|way)|let (?:me"
    r"|us) know|dm(?:ed)?"
    r"|i(?:['’]?d| would) like (?:to|a|my|an)|i (?:need|want|demand|expect) (?:to|a|an|my|you|your|some|someone|help"
    r"|answers?"
    r"|the)|we (?:need|want|demand|expect)|(?:need|want|give me|where['’]?s|where is|refund|return"
    r"|send) (?:\w+ )?(?:my|our)"
    r"|how (?:do|can|long|does|much|many|to|come)|what (?:is|are|do|can|time|happened|should)|why (?:is|are|do|does"
    r"|did|can"
    r"|won|isn|am|have|has)|when (?:will|is|are|can|do|does)|who (?:do|can|should)|can (?:you|i|we|u|someone|anyone"
    r"|somebody)"
    r"|could (?:you|i|we|u|someone)|would (?:you|it be)|do you|does (?:this|it|anyone)|is (?:there|it possible|this"
    r"|anyone)"
    r"|are (?:you|there)|still (?:waiting|no|haven|not|nothing)|waiting (?:for|on|to)|on hold|fix (?:it|this|your|my"
    r"|the)"
    r"|answer (?:me|my|the|your)|respond|reply|call me|contact me|get back to|sort (?:it|this) out|compensat\w+"
    r"|reimburse\w*"
    r"|refund\w*|explain|apologi[sz]e)\b"
    r"|吗|呢[？?]|怎么|怎样|如何|为什么|为何|什么时候|何时|哪里|多久|几点|多少|能不能|可不可以|是否|有没有|请问"
    r"|请.{0,6}(?:处理|解决|回复|退|联系|帮"
    r"|查|给|解释|核实)|麻烦|求|帮忙|帮我|给个(?:说法|解释|答复)|要求|希望.{0,8}(?:解决|处理|退|改|给)|退款|退货|退钱"
    r"|赔偿|赔我|谁管|尽快|联系我|私信"
    r"|投诉|还我|什么情况|怎么回事|在线等|一直没(?:人|有)|没人(?:理|回|管)|不回复|还没(?:到|收到|退|发|回)"
)
_REQUESTED = (
    r"\b(?:please|pls|plz|(?:can|could|need|needs|want|any|some|your|for) (?:\w+ )?help|help (?:me|us|please|with)"
    r"|assist\w*"
    r"|advise|advice|any (?:update|idea|chance|news|luck|way)|let (?:me|us) know|(?:need|want|demand|expect) (?:to|a"
    r"|an|my|you"
    r"|your|some|someone|answers?) (?:\w+ )?|give me|where['’]?s my|where is (?:my|our)|(?:need|want|refund|return"
    r"|send)"
    r" (?:\w+ )?(?:my|our)|how (?:do|can|long|much) (?:i|we|does|is|will)|when (?:will|is|are|can|do|does)|can (?:i"
    r"|we|someone"
    r"|anyone|somebody)|(?:can|could|would) you (?:please |guys |pls )?(?:help|tell|check|send|fix|look|explain"
    r"|confirm|give|add"
    r"|bring|make|let|provide|do|dm|call)|is there (?:a|any)|answer (?:me|my|the)|call me|contact me|get back to"
    r"|refund"
    r"|reimburse\w*)\b|请.{0,6}(?:处理|解决|回复|退|联系|帮|查|给|解释|核实)|麻烦|求|帮忙|帮我|给个(?:说法|解释|答复)"
    r"|请问"
    r"|退款|退货|退钱|赔偿|赔我|联系我|私信|还我|在线等|能不能|可不可以|怎么办"
)
_TROUBLE = (
    r"\b(?:delay(?:ed|s)?|destroyed|cancel+ed|cancelled|flightled|lost|missing|missed|stuck|stranded|broken?|broke"
    r"|damaged"
    r"|error|errors"
    r"|crash(?:es|ed|ing)?|freez\w+|froze|hacked|stolen|charged|overcharged|on hold|hold times?|hung up|hostage"
    r"|waiting|waited"
    r"|wait(?:ed|ing)? (?:over |for )?\d+|not (?:working|loading|playing|letting|responding|connecting)|(?:does|do"
    r"|did|is|are|wo|ca"
    r"|has|have|was)n['’]?t (?:\w+ )?(?:work\w*|load\w*|play\w*|let|open\w*|connect\w*|come|arrive\w*|received?"
    r"|help\w*)"
    r"|can(?:no|['’])?t (?:\w+ )?(?:log|get|book|find|reach|play|open|access|use|check|hear|see|redeem|change|load)"
    r"|unable to"
    r"|no (?:response|reply|answer|signal|service|luggage|bags?|crew|update)|same (?:issue|problem|error)|(?:issue"
    r"|problem)s? (?:with"
    r"|here|on)|having (?:issues|problems|trouble)|still (?:no|not|waiting|haven|isn|doesn|getting)|down for me"
    r"|ruined my"
    r"|rude|refused|overbooked|bumped)\b"
    r"|打不开|登不上|用不了|崩|闪退|卡死|坏了|故障|失灵|没收到|没到|丢了|丢失|延误|取消|多收|扣费|乱扣|打不通"
    r"|没人(?:理|回|管)"
    r"|不退|拒绝|送错|漏|退不了|等了|超时|投诉无门|异响|刹车"
)
_AFAR = (
    r"\b(?:boycott\w*|never (?:\w+ ){0,2}(?:fly|flying|use|using|buy|buying|book|booking)(?: \w+){0,4}|video|watch"
    r"|seen? (?:the|this|that)|(?:the|that|this|a|an|your|paying|innocent|elderly) (?:\w+ ){0,2}(?:passenger|man|guy"
    r"|doctor"
    r"|customer)s?|ceo|stocks?|shares|shareholders?|billion|dragg\w+|drag|beatings?|beat|get beaten|the news|trump"
    r"|sue[sd]?|suing|lawsuits?|congress\w*|criminals?|arrest\w*|prosecut\w*|hope (?:he|she|they|you|this|the)"
    r"|everyone"
    r"|re-?accommodat\w*|shame on|ashamed|memes?|mottos?|pr team|bankrupt\w*|resign\w*)\b|#\w*(?:boycott|motto)\w*"
    r"|视频里|这个(?:乘客|顾客|客人)|网友|抵制|看了新闻|转发"
)
"""A text that judges from afar, of what happened to others."""
_DIRECT = r"^\s*[@＠]\w|\p{Han}"
"""Spoken to somebody from its first word on; in Chinese, handles stand anywhere."""
_OWN_CASE = (
    r"\b(?:i|me|my|mine|we|us|our|im|ive|\d+(?:\.\d+)? ?(?:min|mins|minutes?|hrs?|hours?|days?|weeks?|months?)|hours"
    r"|(?:flight|flt|order|ref|ticket|case|booking|invoice) ?#?\d+|today|tonight|yesterday|this (?:morning|afternoon"
    r"|evening|week)|right now|at the moment|still|again|tried|version|desktop|app|phone|luggage|bags?|gate|reps?"
    r"|agents?|customer service|keeps?|both|same (?:problem|issue|here|error))\b|我|俺|今天|昨天|刚才"
    r"|小时|分钟|一直"
)
_FIRST_HAND = (
    r"\b(?:i|we|my \w+|our \w+)(?:['’](?:ve|ll|d))? (?:\w+ ){0,2}?(?:was|were|been|got|am|are|is|be|felt|feel|had"
    r"|have|has"
    r"|will|need|needed|gonna)\b|\b(?:i['’](?:ve|ll)|ive|we['’](?:ve|ll)|happened to (?:me|us|my|our)|assaulted me"
    r"|hacked my"
    r"|my account|my lawyer|our lawyer)\b|我|我们|我家|我妈|我爸|孩子"
)
_CLOSING = (
    r"\b(?:thank\w*|thanx|thx|ty|cheers|great|awesome|perfect|excellent|brilliant|love|works? (?:now|again|fine)"
    r"|working (?:now|again|fine|as)|(?:been )?(?:fixed|solved|sorted|resolved|remediated)|all good|no problem"
    r"|no worries"
    r"|ok|okay|done|sent|never ?mind|nvm|got it|will do|kudos|appreciate\w*)\b|[👍🙏❤😊😄👌]|谢谢|感谢|好的|解决了"
    r"|收到"
)
_RHETORIC = (
    r"\b(?:really|seriously|wtf|what the (?:hell|fuck|heck)|are you (?:kidding|serious|joking)(?: me)?|how (?:dare"
    r"|could)"
    r" you|who (?:cares|does that|knew)|right|huh|eh|lol|amirite|isn['’]?t it|who needs|what could go wrong"
    r"|why am i not"
    r" surprised|can you believe|have you (?:seen|heard)|did you (?:see|hear)|remember when|guess (?:what"
    r"|who))\s*[?？!]+"
    r"|(?:是吧|对吧|不是吗|好吗|呵呵|哈哈+)[?？!！]+"
)
"""Questions that want no answer, or none from the organisation."""


_PATTERNS = {
    "asks": _ASKED,
    "requests": _REQUESTED,
    "trouble": _TROUBLE,
    "own_case": _OWN_CASE,
    "first_hand": _FIRST_HAND,
    "afar": _AFAR,
    "direct": _DIRECT,
    "closing": _CLOSING,
}
COLUMNS = tuple(_PATTERNS)


def columns(texts: Sequence[str]) -> pd.DataFrame:
    """bool DataFrame[COLUMNS], a row per text.

    `asks`: any question or request; `requests`: one that wants something done or told; `trouble`: something goes wrong;
    `own_case`: the writer's own; `first_hand`: it happened or will happen to them; `afar`: a verdict on what happened
    to others, or a call to them; `direct`: spoken to somebody; `closing`: thanks, or says that all is well.
    """
    import pyarrow.compute as pc

    column = pc.replace_substring_regex(signs.column(texts), f"(?i:{_UNREAD}|{_RHETORIC})", " ")
    return pd.DataFrame({name: signs.found(column, pattern) for name, pattern in _PATTERNS.items()})
