"""What a customer's later turn says of how it went, by rules in English and Chinese: thanks, solved, accepted, open.

`gratitude`: thanks to the organisation (the outcome of Herhausen et al. 2023, doi 10.1177/00222429221119977); not
scorn ("thanks for nothing"), not a refusal, not the courtesy that ends a request. `solved`: says the trouble is over.
`accepted`: says that it went on in private, or that what was asked is sent or done, or will be (definitions C12).
`still_open`: the trouble goes on, help failed, an answer is waited for, or it is complained of anew; a plain account of
what happens, given when asked, is none. A text may say several; of solved and still open, what it says last. The rules
read one clause at a time, so that a refusal in one leaves the next its meaning.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.scoring.signs import Accuracy, column, found

OUTCOMES = ("gratitude", "solved", "accepted", "still_open")
LEAST_MEASURED = 50
"""Labelled positives under which an act is shown as examples, not as a share (methods, section 6)."""
PRECISION: Mapping[str, Accuracy] = {
    "gratitude": Accuracy(0.9733, 0.8999, 0.9914, 98),
    "solved": Accuracy(0.8966, 0.8000, 0.9563, 58),
    "accepted": Accuracy(0.9655, 0.8931, 0.9929, 58),
    "still_open": Accuracy(0.8056, 0.7121, 0.8840, 68),
}
"""Share of the turns found that say so; n: turns found.

On 322 later turns of customers of one streaming service (spotify-2017), labelled by one reader after the rules were
frozen; `python -m tests.benchmarks.outcomes` computes it. No Chinese turn has been measured.
"""
RECALL: Mapping[str, Accuracy] = {
    "gratitude": Accuracy(1.0, 0.8933, 1.0, 95),
    "solved": Accuracy(0.6072, 0.3760, 0.7154, 59),
    "accepted": Accuracy(0.6626, 0.4213, 0.7611, 63),
    "still_open": Accuracy(0.4578, 0.3738, 0.5276, 97),
}
"""Share of the turns that say so that are found, on the same turns; n: turns that say so."""
_MARK = "\x1f"
_CLAUSE_END = r"([.!?;,。、…\n]+|\s(?:but|and|so|though|however|although|yet)\s|但是|但|不过|可是|然而)"
_NOISE = r"https?://\S+|[@]\w+|&(?:amp|lt|gt);"
_NO = (
    r"\b(?:no|not|never|none|nothing|nobody|without|cannot|cant|wont|dont|doesnt|didnt|isnt|hasnt|havent|unable"
    r"|aint)\b"
    r"|n't\b"
)
_THANKS = r"(?:thank+s*|thks|thank (?:you|u|ya)|thankyou|thnx|thx|tnx|tks|txs|thanx|cheers)"

_GLAD = (
    rf"\b{_THANKS}\b|\bty(?:sm|vm)?\b|\btysm\b|\bmuch appreciated\b|\b(?:i|we|really|much|do|greatly|so|totally)? ?"
    r"appreciate (?:it|that|you|u|y'all|the|all|everything|this)\b|^[^\pL\pN]*appreciated?\b"
    r"|\b(?:god )?bless (?:you|u|y'all)\b|\b(?:grateful|thankful)\b|\bthank you guys\b|\bgracias\b|\bgrazie\b"
    r"|谢谢|谢啦|谢了|感谢|多谢|谢过|感激|辛苦了|谢{2}|^[^\pL\pN]*谢[^\pL\pN]*$|麻烦你们了|麻烦您了|謝謝|感謝|多謝"
)
_NOT_GLAD = (
    rf"\b{_THANKS}(?: a lot| so much| very much)? (?:for )?(?:nothing|ruin\w*|wast\w*|delet\w*|ignor\w*|break\w*"
    r"|kill\w*"
    r"|mess\w*|screw\w*|remov\w*|charg\w*|steal\w*|making me|not|no\b|absolutely|zero|letting me down|the (?:headache"
    r"|run|trouble|wait|spam|hassle)|lying|hanging up|taking (?:my|our) money)"
    rf"|\bno,? {_THANKS}|\bno {_THANKS} to\b|\b{_THANKS} in advance\b|\b{_THANKS} to (?:you|your|this|the|them)\b"
    r"|\bthank (?:god|goodness|heavens|the lord)\b|\bthank you next\b"
    rf"|\b(?:don't|won't|not|nobody|never)\b.{{0,15}}\b{_THANKS}\b|\bwould (?:be|really|very)?\b.{{0,12}}appreciat"
    r"|\bi'?d (?:really |very much )?appreciate\b"
    r"|不用谢|不谢|谢谢(?:你们?|您)?(?:全家|八辈|祖宗)|我(?:真是|真的|可)?(?:谢谢|感谢)(?:你|您)(?:们|嘞|了|啊|哈)"
    r"|谢谢(?:了)?不用"
    r"|谢(?:谢)?(?:你|您)?(?:个鬼|个屁)|什么都没|感谢(?:信|费)|先(?:谢谢|谢过|谢了|感谢)|提前(?:感谢|谢)|不用了谢"
)
_COURTESY = (
    rf"\b(?:please|pls|plz|can (?:you|i|u)|could (?:you|i|u)|would you)\b.*\b(?:many )?{_THANKS}(?: you)?[^\pL\pN]*$"
    r"|(?:请|麻烦|能不能|可以|帮).*(?:谢谢|感谢|谢啦|谢了|多谢)[^\pL\pN]*$"
)

_OVER = (
    r"\b(?:works?|working|running|up|back|fine|ok(?:ay)?|good|better|fixed)"
    r"(?: (?:perfectly|fine|great|well|properly|normally|correctly|ok|okay|smoothly|just fine))? (?:now|again)\b"
    r"|\b(?:plays?|opens?|loads?|loading|streams?) (?:\w+ )?now\b"
    r"|\bnow (?:it |it's |it is |everything |everything's |all |they |seems to be |is )?(?:works?|working|fixed"
    r"|fine|sorted)"
    r"|\b(?:it|that|this|which|code|restart\w*|reinstall\w*|reset\w*|seems to have|everything|looks like it|finally)"
    r"(?: (?:actually|all|just|finally|totally|has|have|did|seems? to have))? worked\b|^[^\pL\pN]*worked\b"
    r"|\bworked (?:perfectly|like a (?:charm|dream)|great|well|wonders|a treat)\b"
    r"|\bgot (?:it|this|that|everything) (?:working|sorted|fixed|solved|to work|figured|resolved|back)\b"
    r"|\b(?:fixed|fixes|solved|solves|sorted|resolved)(?: it| itself| that| this| the| my| out| now| up| problem"
    r"| issue| thing| all)*"
    rf"(?: {_THANKS}.*)?[^\pL\pN]*$"
    rf"|^[^\pL\pN]*(?:yes |yep |yeah |ok |and |all |now )*(?:it |it's |its |that |everything )?(?:finally |all "
    r"|now )?(?:works?|workin|working)"
    rf"(?: {_THANKS}.*)?[^\pL\pN]*$|\bworkin now\b"
    r"|\b(?:it's|its|it is|that's|all|has been|have been|been|now|is|issue|problem|everything's?|got|i|we|you|u"
    r"|guys|team|finally|have|to have)"
    r" (?:all |now |finally |been |just )*(?:fixed|solved|sorted|resolved)\b"
    r"|\ball (?:good|set|fine|sorted|fixed|ok|okay|clear|better|is well)\b|\b(?:did|done|doing) the trick\b"
    r"|\b(?:that|this|it|which|seems to have) (?:did|done) it\b"
    r"|\b(?:figured|worked) it out\b|\bproblem (?:gone|went away|disappeared|over)\b|\bback to normal\b"
    r"|\bcase closed\b|\bthanks? (?:you )?(?:\w+ )?for (?:fixing|solving|sorting|resolving)\b"
    r"|\bgot (?:\w+ ){1,4}to work\b|\bseems? (?:to (?:be )?)?(?:all |now )?(?:fixed|fine|ok|okay|good|working"
    r"|better|resolved|sorted)\b"
    r"|\b(?:money|refund|payment|deposit)(?: is| has| just| finally| came| got)* (?:back|arrived|came|showed up"
    r"|received|landed)\b"
    r"|\b(?:got|received) (?:the|my|our) (?:refund|money|deposit)\b|\bgot (?:the|my) .{1,12} back\b"
    r"|\b(?:it'?s|they'?re|it is|it(?: has|'s)? come|it came|brought it|is|are) (?:back|unlocked)(?: up| now"
    r"| online| on)?[^\pL\pN]*$|\bit unlocked\b|^[^\pL\pN]*(?:omg |yes |yay )*it'?s here\b"
)
_NOT_OVER = (
    rf"{_NO}|\?[^\pL\pN]*$|\b(?:if|when|until|till|unless|once|hope\w*|wish|want|needs?|should|would|could|will"
    r"|can you"
    r"|might|please|pls|plz|waiting|before|used to|previously|gonna|going to|must|supposed|soon|why|how|only|except"
    r"|after you"
    r"|(?:expect\w*|like|love|supposed|for (?:it|this|that)) to be|for (?:a|about|like|one|two|\d+)|then"
    r"|was working|yesterday|last (?:week|month|time)|last night|the same|i guess|replied back|responded back|asap"
    r"|beta|have to|on my (?:phone|iphone|ipad|mac\w*|laptop|pc|computer|desktop|other)|on the (?:web|desktop|phone"
    r"|app|pc)|otherwise)\b"
)
_OVER_ZH = (
    "解决了|已解决|已经解决|搞定|修好了|弄好了|恢复了|恢复正常|正常了|没问题了|没事了|到账了|到账啦|退回来了"
    "|退款到了|收到退款|钱到了"
    "|退款收到|能用了|可以用了|能(?:打开|登录|登陆|开锁|播放|听|骑)了|好了好了|^[^\\pL\\pN]*(?:现在|已经|终于|都"
    "|又)?(?:可以|好)(?:了|啦)[^\\pL\\pN]*$"
    "|(?:现在|已经|终于)(?:都)?(?:可以|好|行)了|的到账|短信收到了|退了$|結束行程了|结束行程了|解決了"
)
_NOT_OVER_ZH = (
    "没(?:有)?(?:解决|搞定|修好|恢复|到账|收到|退)|未(?:解决|恢复|到账|收到)|不(?:能|了|可以|行)|不是|无法|还没"
    "|什么时候|何时|多久|几时|怎么|能不能"
    "|能否|是否|是不是|有没有|如果|要是|希望|等(?:你们|到|着)|请|麻烦(?:你|您|尽|帮)|赶紧|尽快|快点|才能|就好了"
    "|就行了|[吗嘛么][^\\pL\\pN]*$|没[?]?[^\\pL\\pN]*$|呢[^\\pL\\pN]*$|\\?[^\\pL\\pN]*$"
    "|算是|以为|说(?:是)?(?:已)?(?:解决|好)|假装|所谓"
)

_WENT = (
    r"(?:dm'?(?:e?d|ing)?|dmd|pm'?(?:e?d|ing)|messag(?:ed|ing)|e-?mail(?:ed|ing)|sent|sending|submitted|replied"
    r"|responded)"
)
_BOX = r"(?:dms?|pms?|direct messages?|private messages?|messages?|inbox|e-?mails?|form)"
_AGREED = (
    rf"\b{_BOX}\b(?: has| have| is| was| just| been| already)* (?:sent|submitted|done|filled)\b"
    rf"|\b{_WENT}\b.{{0,40}}\b(?:{_BOX}|you|u|ya|y'all|guys|it|that|them|over|info\w*|details|one|another|there"
    r"|screenshots?)\b"
    r"|\b(?:dropped|shot|fired|wrote|left)\b.{0,20}\b(?:dms?|pms?|messages?|inbox|e-?mails?|note)\b"
    r"|\b(?:filled|completed)(?: in| out)?\b.{0,15}\bform\b"
    rf"|^[^\pL\pN]*(?:ok(?:ay)?|sure|yes|yep|great|cool|hi|hey|i|i've|just|all|have)*[^\pL\pN]*(?:just "
    rf"|already )*(?:{_WENT}|dm'?ed|done)"
    rf"(?: (?:now|over|already|just now))?[^\pL\pN]*(?:{_THANKS}.*)?$"
    rf"|\bcheck (?:(?:your|ur|the|you|out your|my|our) )?{_BOX}\b|\b(?:answer|respond to|reply to|read"
    rf"|see) my (?:dms?|pms?|messages?)\b|^[^\pL\pN]*sen[dt] (?:you|u) (?:an? )?{_BOX}\b|\bin (?:your|ur) (?:dms?"
    r"|inbox)\b"
    r"|\b(?:i'?ll|i will|will|gonna|going to|i can|let me|i'm|im|i shall) (?:just |now |definitely "
    r"|gladly )?(?:send(?:ing)?|dm(?:ing)?|messag\w+|pm"
    r"|e-?mail(?:ing)?|fill\w*|drop|do (?:so|that|it|this)|get in touch|compile)\b|\b(?:will|shall) (?:do|dm"
    r"|send)\b|\bwill include\b|\b(?:i'?ve|ive|i|just|also) (?:already |just |also )*(?:wrote|written|replied)\b"
    r"|^[^\pL\pN]*(?:already |i'm |we're )?on it\b"
)
_NOT_AGREED = (
    rf"{_NO}|\?[^\pL\pN]*$|\b(?:you|u|they|he|she|who|guys|someone|somebody|spotify|support|was|were|be|been|being"
    r"|it|that|which) "
    r"(?:just |have |had |has |guys |already |also |even |said you )*(?:sent|send|dm'?e?d|messaged|e-?mailed"
    r"|replied|responded|wrote)\b"
    r"|\b(?:should|do|did|can|could|may|will|would|have|had|shall|must) (?:i|you|we|they)\b|\bby (?:sending"
    r"|messaging)\b|\bif\b|\bhow\b|\bwhere\b|\bwhen\b"
    r"|\b(?:i've|already|have|had)?\b.{0,10}\b(?:e-?mailed|called|contacted)\b.{0,30}\b(?:ago|last|yesterday|times"
    r"|twice|week|weeks|month|months|days)\b"
    r"|\btweet\b|\bwill (?:send|do|call|contact|write) (?:my|an? (?:complaint|lawyer))\b"
)
_AGREED_ZH = (
    "已(?:经)?(?:私信|私聊|发(?:送|了|过去|给|邮件|私信|您|你)|邮件|留言|填|提交|回复私信|加(?:微信|了)|致电|反馈)"
    "|私(?:信|聊)(?:了|过去|你们?了|您了|给你|给您|发了|发过去)"
    "|(?:刚|刚刚|刚才)(?:已)?(?:私信|私聊|发|给你们发|填|打了)|(?:邮件|表格|表单|截图|信息|资料|订单号)"
    "(?:已(?:经)?(?:发|填|提交|传)|都?(?:发|填|提交|传)(?:了|过去|好))"
    "|(?:填|提交|发|传)(?:好|完|过去)了|(?:我|这就|马上|现在|等下|一会儿?)(?:就|去|来|马上)*(?:私信|私聊|发邮件"
    "|发私信|填表|打电话|致电)"
    "|看(?:一?下|看)?私信|查(?:收|看)(?:一?下)?(?:私信|邮件)|已私訊|已發"
)
_NOT_AGREED_ZH = (
    "没(?:有)?(?:私信|发|填|收到|回)|不(?:想|会|用|要|能|让|愿意)|别|无法|发不(?:出|了)|私信不|打不通|怎么|哪里"
    "|哪个|在哪|[吗么嘛][^\\pL\\pN]*$|\\?[^\\pL\\pN]*$|要不要|你们?(?:已|刚|又)"
    "|(?:上周|昨天|前天|天前|次了|多次|几次|遍)"
)

_OPEN = (
    r"\bstill\b.{0,30}(?:\b(?:not|no|nothing|wait\w*|broken|same|happen\w*|issues?|problems?|down|the case|doing"
    r"|unable|getting"
    r"|having|stuck|crash\w*|freez\w*|skip\w*|gr[ea]yed|lost|missing|gone|there|bug\w*|errors?|occur\w*|persist\w*"
    r"|fail\w*|cannot|cant"
    r"|wont|dont|doesnt|isnt|hasnt|havent|won't|shows?|says?|won|does)\b|n't\b)"
    r"|\b(?:no|zero|without) (?:luck|change|difference|effect|improvement|joy|dice|reply|response|answer|help|use"
    r"|sign|update|solution|fix)\b"
    r"|\b(?:did|does|do|is|has|have|was|are|had)(?:n't|nt| not) (?:really |actually |even |seem to |have "
    r"|been )*(?:help|work|fix|chang|solv|resolv|do anything"
    r"|do it|done anything|make|made|sort|go away)\w*"
    r"|\b(?:same|exact same|identical) (?:exact )?(?:issues?|problems?|thing|error|results?|message|story|answer)\b"
    r"|^[^\pL\pN]*(?:nope|nah)?[^\pL\pN]*same[^\pL\pN]*$"
    r"|\bnothing (?:has |have |'s |is )?(?:chang\w*|happen\w*|works?|worked|helps?|helped|fixed)\b"
    r"|\balready (?:tried|did|done|been|told|sent|asked|deleted|restarted|reinstalled)\b|\b(?:i've|i have|have"
    r"|i) (?:tried|done|did) (?:all|everything|both|that|those)\b"
    r"|\bkeeps? (?:on )?\w+ing\b|\b(?:back|happening|happened|doing it|did it|started|broken|crashed|stopped|down"
    r"|happens|acting up|problem|issue) again\b"
    r"|\b(?:haven't|hasn't|havent|hasnt|have not|has not|never|didn't|did not) (?:even )?(?:heard|received|gotten"
    r"|got|get|receive|hear|had)\b"
    r"|\bany (?:updates?|news|progress|eta|word|solution|fix)\b|\b(?:no ?one|nobody) (?:has |is |'s |ever )?(?:repl"
    r"|respon|answer|help|contact|got|reads)\w*"
    r"|\b(?:not|isn't|isnt|ain't|aint|aren't|never) (?:working|fixed|resolved|sorted|solved|helping|good enough"
    r"|helpful|acceptable|true)\b"
    r"|\b(?:doesn't|doesnt|won't|wont|can't|cant|cannot|didn't|didnt|don't|dont|does not|can not"
    r"|did not) (?:even )?(?:work|help|fix|open|load|play|let me|log|connect|update|show|stream)\w*"
    r"|\b(?:useless|ridiculous|unacceptable|terrible|awful|worst|pathetic|horrible|disappoint\w*|fed up|sick of"
    r"|sick and tired|waste of (?:time|money)"
    r"|joke|cancel(?:l?ing|led)? my|frustrat\w+|annoying|annoyed|unbelievable|a bot\b|copy ?paste)\b"
    r"|\bhours later\b|\bwaiting for (?:a|an|your|any) (?:\w+ )?(?:reply|response|answer|solution|fix|follow|update"
    r"|call|email|dm)"
    r"|\b(?:been|is|has|was) (?:happening|going on|complaining|like this|doing this)\b.{0,30}\b(?:for|since|months?"
    r"|weeks?|years?|days?)\b|\bcontinues to\b|\bwhat(?:'s| is) the hold ?up\b|\basap\b|\b(?:answer|respond to"
    r"|reply to) my\b|\bwhen (?:will|are|is) (?:you|it|this|that|they)\b|\b(?:not just me|aggravating|untruthful"
    r"|neglect\w*|unfortunately|one-off|seen this before|no ?go|to no avail|hold up)\b|\bget (?:this|it"
    r"|that) fixed\b|\bread the thread\b|\bto my question\b|\brepeating\b"
)
_NOT_OPEN = (
    r"\b(?:if|in case|unless|whether|used to|no problem|not a problem|until|was|were|earlier|before)\b"
    r"|\bstill (?:love|like|enjoy)"
)
_OPEN_ZH = (
    "还是(?:不|没|这|老|打不开|一样|闪退|卡|那|同样)|又是(?:这|那|一样)|仍(?:然|旧)?(?:不|没|无)|依然|依旧|还没"
    "|还未|没(?:人|有人)(?:回|理|管|看|接|联系|处理)|根本没|没(?:有)?(?:解决|反应|用|收到|到账|回复|动静|变化|效果)"
    "|不管用|没用|不行|不好使|又(?:坏|出|扣|不|崩|来|卡|闪)|一直(?:不|没|在)|到现在|至今|还在等|等了|同样的问题"
    "|老样子|打不开|进不去|用不了|解决不了|说了等于没说"
    "|敷衍|失望|太差|垃圾|气笑|气死|投诉|(?:第.|几|多)次了|遍了|踢皮球|推诿|机器人|话术|我的问题呢|什么时候(?:能|才"
    "|可以|解决|退)|怎么还|催"
)
_NOT_OPEN_ZH = "如果|要是|之前|以前|原来|万一|不再|没有失望|不(?:会)?失望|不投诉"


def outcomes(texts: Sequence[str]) -> pd.DataFrame:
    """bool DataFrame[OUTCOMES], a row per text."""
    whole = plain(column(texts))
    parts, of = clauses(whole)
    n = len(texts)

    def said(pattern: str, trap: str) -> np.ndarray:
        """Number of the last clause that holds `pattern` and not `trap`; −1 where none does."""
        holds = np.flatnonzero(found(parts, pattern) & ~found(parts, trap))
        last = np.full(n, -1)
        last[of[holds]] = holds  # in order, so that the last stays
        return last

    glad = (said(_GLAD, _NOT_GLAD) >= 0) & ~found(whole, _COURTESY)
    agreed = np.maximum(said(_AGREED, _NOT_AGREED), said(_AGREED_ZH, _NOT_AGREED_ZH)) >= 0
    over = np.maximum(said(_OVER, _NOT_OVER), said(_OVER_ZH, _NOT_OVER_ZH))
    goes_on = np.maximum(said(_OPEN, _NOT_OPEN), said(_OPEN_ZH, _NOT_OPEN_ZH))
    return pd.DataFrame(
        {
            "gratitude": glad,
            "solved": over > goes_on,
            "accepted": agreed,
            "still_open": (goes_on >= 0) & (goes_on >= over),
        }
    )


def measured(outcome: str) -> bool:
    """Whether an outcome was measured on enough labelled positives to be given as a share."""
    return outcome in RECALL and RECALL[outcome].n >= LEAST_MEASURED


def plain(texts: Any) -> Any:
    """An Arrow column of texts as the rules read them: one form of each letter, no handles, no addresses."""
    import pyarrow.compute as pc

    made = pc.utf8_normalize(texts, form="NFKC")
    made = pc.replace_substring(pc.replace_substring(made, "’", "'"), _MARK, " ")
    made = pc.replace_substring_regex(made, r"(?i)\bnever ?mind\b", "nvm")
    return pc.replace_substring_regex(made, _NOISE, " ")


def clauses(texts: Any) -> tuple[Any, np.ndarray]:
    """All clauses of all texts as one column, and the number of the text each stands in."""
    import pyarrow.compute as pc

    parts = pc.split_pattern(pc.replace_substring_regex(texts, f"(?i){_CLAUSE_END}", r"\1" + _MARK), _MARK)
    return pc.list_flatten(parts), pc.list_parent_indices(parts).to_numpy(zero_copy_only=False)
