"""What a reply says to the person, in English: for each act the patterns that show it, and those that only seem to.

Patterns are RE2's (no look-around) and are read on the text that `acts.seen` makes: a link is `※`, a handle `@`, an
apostrophe `'`. What a trap covers is cut out before the signs are looked for. Gaps are `[^.!?]*`: within a sentence.
"""

from analysis.scoring.signs import Rule

_SORRY = r"\b(?:sorry|apolog(?:y|ies)|apologi[sz]e[sd]?|apologi[sz]ing|regret|pardon)\b"
_PAIN = (
    r"(?:frustrat\w*|annoy\w*|disappoint\w*|upset\w*|stress\w*|inconvenien\w*|difficult|hard|tough|painful|worr\w+"
    r"|concerning|confusing|disruptive|unpleasant|irritating|infuriating|aggravating|exhausting|tiring|distress\w*"
    r"|discourag\w+|dishearten\w*|scary|no fun|not fun|n't fun|never fun|not ideal|never ideal|far from ideal"
    r"|not easy|n't easy|a pain|a hassle|how important|how valuable|how much|how badly|the feeling|long (?:wait|day))"
)
_BAD = (
    r"(?:frustrat(?:ing|ion)|concerning|disheartening|upsetting|annoying|unfortunate|unacceptable|terrible|awful"
    r"|horrible|dreadful|a shame|a pity|a bummer|a pain|a nightmare|a hassle|a nuisance|rough|stressful|disappointing"
    r"|worrying|distressing|heartbreaking|sad|troubling|disturbing|tough|unpleasant|no fun|no good|painful)"
)
_GOOD = r"(?:fun|cool|good|great|ideal|ok|okay|nice|acceptable|pleasant|promising|fair|how we|what we|what you"
_GOOD += r"|what anyone|the (?:\w+ ){0,2}(?:experience|service|kind|sort|impression|type|way|standard|start|treatment))"
_FELT = (
    r"(?:sad|sadden(?:ed|s)|disappoint(?:ed|s)|upset|unhappy|concerned|dishearten(?:ed|s)|discouraged|heartbroken"
    r"|distressed|dismayed|troubled|bummed|devastated|appalled|gutted|frustrated)"
)
_TOLD = (
    r"(?:letting|let us know|telling|reaching|getting (?:in touch|back)|flagging|bringing|report(?:ing|s)?|raising"
    r"|shar(?:e|ing)|feedback|feeding back|info|information|updates?|updating|heads[- ]?up|details|confirm\w*"
    r"|clarif\w+|clearing|pointing|notic\w+|spotting|contacting|writing|screenshots?|suggesti\w+|nudge|giving us"
    r"|ideas?|messages?|messaging|comments?|commenting|thoughts?|input|response|reply(?:ing)?|responding|providing"
    r"|sending|tagging|mentioning|checking|keen eye|pitching in|speaking up|posting|notifying|alerting|acknowledg\w*"
    r"|link|the catch|honesty|report|dm|e-?mail|verifying|explaining|answer\w*|tweet(?:ing)?|recommend\w*"
    r"|taking (?:the |your )?time)"
)
_TROUBLE = (
    r"(?:delay(?:s|ed|ing)?|wait(?:s|ed|ing)?|late|cancel\w*|lost|missing|missed|damag\w+|broken?|broke|crash\w*"
    r"|outages?|errors?|confusion|mix-?up|mistake\w*|disconnect\w*|declined|charged|overcharged|stuck|stopp\w+"
    r"|disappear\w*|removed|unavailable|rude\w*|cramped|crowded|overbooked|bumped|stranded|tight|held up|longer than"
    r"|not working|n't work(?:ing)?|doesn't|didn't|couldn't|can't|wasn't|weren't|unable to|failed|failure|fault\w*"
    r"|down|slow|interrupt\w*|disrupt\w*|incident|accident|leak\w*|breach|power cut|shortage|queue\w*|lines?|on hold)"
)

_ACKNOWLEDGED = (
    rf"\b(?:thanks|thank you|thx|cheers|kudos|grateful)\b[^.!?※]{{0,40}}?\b{_TOLD}\b|\b(?:appreciate|value) (?:you "
    rf"|your |the |all (?:the |your )?|this |that |any )?(?:\w+ ){{0,2}}?{_TOLD}\b"
    r"|\bappreciate your concerns?\b|\bvalue your concerns?\b|\bwe (?:\w+ )?(?:do )?hear (?:you|ya|what)\b"
    r"|\bi hear (?:you|where|what)\b|\bhear(?:d)? you loud\b|\bpoint taken\b|\bmessage received\b|\bduly noted\b|(?:^"
    r"|[.!?,:;@…] ?|\b(?:ok|okay|ah|oh|hey|hi|there|alright|hmm) )(?:got it|gotcha|got that|got you|understood|noted"
    r"|roger|i see|ah|we see|copy that)(?: ?[.!,:;…]|$| -)|\b(?:feedback|thoughts|concerns?|comments?|report"
    r"|suggestion|request|idea|experience|complaint|voice|opinion|vote|it|this)(?:'s| has| have|'ve| is| are"
    r"| was)?(?: been| being)? (?:\w+ )?(?:noted|heard|received|logged|registered|documented|appreciated)\b"
    r"|\b(?:noted|note) (?:this|your|it|down)\b|\b(?:we|i)(?:'ve| have)? (?:\w+ )?received (?:your|the|all|several"
    r"|many|reports?)\b|\b(?:we're|we are|are|i'm|team is|fully|already) (?:\w+ )?aware (?:of|that)\b"
    r"|\bwe know about\b|\b(?:we|i)(?: can| do| also| certainly| definitely)* see (?:that|your|you|you've|this|the"
    r"|how|why|where)\b|\b(?:we|i)(?:'re|'m| are| am) (?:\w+ )?seeing\b|\b(?:we|i)(?:'ve| have) (?:seen|noticed|noted"
    r"|read)\b|\b(?:we|i) noticed\b"
    rf"|{_SORRY}[^.!?※]{{0,60}}?\b{_TROUBLE}\b|\b(?:we|i)(?:'re|'m| are| am)? (?:\w+ ){{0,2}}(?:understand|know"
    rf"|realize|realise|{_FELT}) [^.!?※]{{0,50}}?\b{_TROUBLE}\b"
)
_ACKNOWLEDGED_TRAP = (
    r"\bkind words\b|\bsweet (?:comment|tweet)\b|\b(?:sharing|share) (?:this|the|your|such|some"
    r"|that)? ?(?:\w+ ){0,2}(?:love|creation|moment|pic\w*|photo|adventure|kudos|playlist|joy)\b|\b(?:as"
    r"|if) you can see\b|\bglad [^.!?※]*?\b(?:got it|see)\b|\b(?:not|n't) aware of\b|\bsorry,? we (?:can't|couldn't"
    r"|didn't|don't|aren't|won't)\b|\b(?:we'll|we will|let's|to) see\b|\bwhen you see\b|\bwe see you\b"
    r"|\bdo you know\b|\blet us know\b|\blook(?:ing)? forward to [^.!?※]*|\b(?:will be|be) noted\b|\bplease note\b"
    r"|\binconvenience [^.!?※]{0,20}caused\b|\b(?:don't|didn't) understand\b"
)

_UNDERSTOOD = (
    r"\b(?:we|i|we've|i've|we'd|i'd)(?: do| can| could| truly| totally| really| fully| certainly| just| also"
    r"| absolutely| completely| definitely| sincerely| very much| surely| both| hear you and| hear you,? and"
    r"| get it and)* (?:understand|empathi[sz]e|sympathi[sz]e|can relate|relate|feel (?:your|for|you|ya)"
    r"|share (?:your|in your)|get (?:it\b(?: can| is|'s)?|why|how|that (?:it|this))|know the feeling"
    r"|understood (?:how|that|your))|(?:^|[.!?,:;@…] ?|\b(?:totally|completely|fully|definitely|absolutely|certainly"
    r"|truly) )understand(?:able|ably)?\b|\b(?:that's|that is|it's|quite|perfectly|very) (?:\w+ )?understandable\b"
    r"|\bunderstandably\b"
    rf"|\b(?:know|see|imagine|realize|realise|recogni[sz]e|appreciate|acknowledge|tell) (?:that |how |it |this "
    rf"|why )?[^.!?※]{{0,50}}?\b{_PAIN}"
    r"|\b(?:see|get|understand|hear|know) where you(?:'re| are) coming from\b|\bsee your (?:point|frustration"
    r"|concern)|\bin your (?:shoes|position|place|situation)\b|\b(?:can|could) (?:only |just |certainly )?imagine\b"
    r"|\bempathi[sz]e|\bsympathi[sz]e|\bour (?:deepest |heartfelt |sincere )*(?:condolences|sympath\w+)|\b(?:our "
    r"|my )?(?:hearts?|thoughts)(?: and prayers)? (?:goes|go|are|is) (?:out|with)\b"
)
_SHARED = (
    rf"\b(?:that|this|it|which|delays|waiting|these|those|there|situation|experience|service|treatment|behaviou?r"
    r"|conduct)(?:'s|'d| is| are| was| were| must| can| could| would| sounds?| looks?| seems?| be| have been"
    r"| has been)+(?: very| so| really| quite| extremely| truly| such| too| super| certainly| definitely| just"
    r"| pretty| incredibly"
    rf"| always| simply| totally)* {_BAD}\b|\b(?:isn't|is not|'s not|aren't|wasn't|was not|are not|are never|is never"
    rf"|far from|less than|never|no way)(?: at all| exactly| really| very| so| too| at)* {_GOOD}\b|\b(?:doesn't"
    rf"|does not|don't|didn't) (?:sound|look|seem|feel)(?: at all| too| so| very| like)* (?:good|great|fun|cool|ideal"
    rf"|nice|pleasant|ok|okay|fair|promising|acceptable|the|a|much fun)\b"
    r"|\bno fun\b|\bnot (?:what|how|something|anything) (?:we|i|you|anyone)(?:'d)? \w*|\b(?:never|hate|don't|do not"
    r"|didn't|dislike|would never|not|certainly not|wouldn't|sure don't) (?:ever |certainly |really |at all )?(?:like"
    r"|love|want|wish|hope|enjoy|to|expect)? ?(?:to )?(?:hear|see|read|learn|you to (?:feel|experience|miss|wait"
    r"|have)|to make you|make you|break your)\b|\b(?:what|such) a (?:shame|pity|bummer|pain|nightmare"
    r"|disappointment)\b|\btoo bad\b|\b(?:oh no|oh dear|yikes|ouch|uh[- ]oh|eek|bummer|dang|darn|good grief)\b"
    r"|\bugh\b|\baw+,? ?!? ?(?:that's (?:no|not|too)|that (?:doesn't|isn't)|sorry|we're sorry|no\b|man\b|bummer"
    r"|don't be)"
    rf"|\b{_FELT} (?:and \w+ )?(?:to (?:hear|read|see|learn|know|find)|by|about|that|when|if|with|at|in the|for you"
    r"|it|you|this)\b|\b(?:makes|made) us (?:sad|feel)\b|\bbreaks our hearts?\b|\b(?:sorry|regret(?:ful)?"
    r"|apologi[sz]e|saddened|hate)(?: so much| very much)?,?(?: to|,) (?:hear|read|see|learn|know|find"
    r"|about to hear)\b|\b(?:sorry|regret|apologi[sz]e)(?: that| if| for how| for the way)? (?:you|you're|you've"
    r"|you'd|y'all)\b|\bsorry (?:if |that )?(?:it|this|that)(?:'s|'s been| is| was| has been| has| upsets?| made"
    r"| makes| caused| has caused"
    rf"| is causing)(?: \w+){{0,3}} (?:you|{_PAIN}|{_BAD})"
    r"|\bfeel your (?:pain|frustration)\b|\bhope you(?:'re| are)? (?:feel better|feeling better|ok\b|okay|alright"
    r"|safe)"
)
_EMPATHY_TRAP = (
    r"\b(?:thanks?|thank you|thanking you|grateful|appreciate|appreciated)\b[^.!?※]{0,25}?\bunderstand\w*|\b(?:hope"
    r"|trust|know|wish|sure|ask|believe) (?:that )?you(?:'ll| will| can| would|'d)? (?:\w+ )?understand\w*"
    r"|\byour (?:\w+ )?understanding\b|\b(?:don't|do not|didn't|not sure (?:if |that )?(?:we|i)|can't|cannot|couldn't"
    r"|not|fail to|unable to|unsure) (?:\w+ )?understand\b|\b(?:to|help us|help me|us) (?:better |fully |help "
    r"|clearly |really )?understand\b|\b(?:do|did|if|as|so|make sure|sure|once|before|clarify,?) (?:we"
    r"|i) (?:\w+ )?understand\w*|\bunderstand(?:ing)? (?:you )?(?:correctly|right(?:ly)?|properly)\b"
    r"|\bfrom what (?:we|i) understand\b|\b(?:we|i) understand (?:from|it to|this to|what's|what is|what may"
    r"|the (?:issue|problem|question))\b|\b(?:can|could|do|did|would|will) you [^.!?※]{0,30}?(?:sad|upset|imagine"
    r"|understand)\b|\bsorry,? (?:but )?(?:you|your) (?:can't|cannot|have to|need to|must|will)\b|\bdoesn't (?:sound"
    r"|look) right\b|\b(?:hear|see|read) (?:back|from|more|about it)\b|\b(?:we|i)(?:'d| would)? (?:hate"
    r"|never want) to miss\b|\bnot (?:bad|so bad)\b|\bsad to see you (?:go|leave)\b|\bimagine (?:dragons"
    r"|the possibilities)\b|\bknow (?:if|when|how (?:it|that|this|things|everything|you) (?:goes|plays|went|get"
    r"|like))\b|\blet (?:us|me|the|our)\b[^.!?※]{0,30}?\bknow\b"
)

_APOLOGY = (
    r"\b(?:sorry|apolog(?:y|ies|etic|etically)|apologi[sz]e[ds]?|apologi[sz]ing|regret|regrets|regretted|regretfully"
    r"|our bad|mea culpa)\b|\bpardon (?:the|our|us|any|for|my|me|this)\b|\b(?:please )?(?:forgive|excuse) (?:us|the"
    r"|our|any)\b"
)
_APOLOGY_TRAP = (
    r"\bsorry ?[?]|[\"“'‘]sorry[\"”'’]|\bsong,? (?:called )?sorry\b|\bsorry by\b|\bbetter safe than sorry\b|\b(?:no"
    r"|nothing|don't|needn't|never) (?:need |reason |have )?(?:to |for )?(?:be |say |feel |an? |any |your )?(?:sorry"
    r"|apolog\w+)|\b(?:not|n't|never) (?:need |have |going )?(?:to )?(?:be |say |feel )?(?:sorry|apologi\w+|regret)"
    r"|\b(?:won't|will not|cannot|can't|refuse to|see no reason to) (?:\w+ )?(?:be sorry|say sorry|apologi\w+|regret)"
    r"|\b(?:thanks|thank you|(?:we|i) (?:\w+ )?accept\w*|appreciate\w*|received|grateful)\b[^.!?※]{0,25}?\bapolog\w+"
    r"|\b(?:your|his|her|their|the (?:driver|courier|staff|crew|agent)'s|seller's) (?:\w+ )?apolog\w+|\b(?:he|she"
    r"|they|you|driver|courier|seller|agent|captain|pilot|someone|who)(?:'s|'ve|'d|'ll| has| have| had| did| will"
    r"| should| would| must| already)* (?:apologi[sz]ed?|said sorry|say sorry|regret\w*|be sorry|(?:feel|are) sorry)"
    r"|\b(?:deserve|demand\w*|want\w*|ask\w*|expect\w*|request\w*|get|got) (?:for )?an? (?:\w+ )?apology\b"
    r"|\bwithout (?:any )?regrets?\b|\bno regrets\b|\bwhy (?:\w+ )?(?:sorry|apolog\w+)|\bpardon ?[?]"
)

_DEFENDED = (
    r"\b(?:is|are|was|were|that's|it's|simply|just|completely|totally|entirely|absolutely)(?: simply| just"
    r"| completely| entirely)* (?:not true|untrue|false|incorrect|inaccurate|baseless|unfounded|misleading|a lie"
    r"|fake news|nonsense|wrong|not accurate|not correct)\b|\b(?:false|baseless|unfounded|misleading"
    r"|malicious) (?:claims?|accusations?|rumou?rs?|allegations?|information|reports?|statements?)\b|\b(?:we"
    r"|i) (?:\w+ )?(?:deny|reject|dispute|refute|disagree)\b|\bnot (?:our|the company's|a \w+) (?:\w+ )?(?:fault"
    r"|responsibility|problem|doing)\b|\b(?:not|n't|no longer|cannot be|can't be) (?:be )?(?:\w+ )?(?:responsible"
    r"|liable|accountable|to blame|at fault)\b|\bresponsibility (?:of|lies|rests)\b|\bout of our (?:hands|control)\b"
    r"|\b(?:did|have done|do) nothing wrong\b|\b(?:as|like) (?:\w+ ){0,4}?(?:clearly|already|previously"
    r"|repeatedly) (?:state[sd]?|explain(?:ed|s)?|mention(?:ed|s)?|said|say|indicated|outlined|told|informed"
    r"|advised)\b|\bclearly (?:state[sd]?|explain(?:ed|s)?|say|says|written|displayed|marked|mentioned|communicated"
    r"|outlined)\b|\byou (?:\w+ )?(?:should|could|ought to|might) have (?:\w+ )?(?:read|checked|known|contacted|told"
    r"|arrived|called|been|noticed|asked|booked|followed|updated|backed|kept|come|planned|chosen|taken|made|done"
    r"|waited|used|reported)\b|\byou (?:\w+ )?(?:failed|neglected|refused|chose|agreed|accepted|signed|forgot|ignored"
    r"|violated|breached) (?:to|our|the|not)\b|\byour (?:own )?(?:fault|mistake|negligence|misuse|responsibility"
    r"|failure|error)\b|\b(?:user|customer) error\b|\bimproper(?:ly)? (?:use|used|usage|operation|handling)\b"
    r"|\bmisus(?:e|ed|ing)\b|\bonly (?:a |an )?(?:few|handful|small|tiny|minor|isolated|limited|very|single"
    r"|one)\b[^.!?※]{0,20}?\b(?:customers?|users?|people|passengers?|cases?|complaints?|guests?|number|percentage"
    r"|incident|drivers?|devices?)\b|\bisolated (?:case|incident|event)\b|\bno ?(?:one|body) else\b|\b(?:other"
    r"|most) (?:customers|people|passengers|users) (?:\w+ )?(?:manage|cope|are happy|have no|had no|don't|do not"
    r"|didn't)\b|\b(?:overreact|exaggerat|overblown)\w*|\bblown out of proportion\b|\bcalm down\b|\blegal action\b"
    r"|\bdefamat\w+|\btake (?:you )?to court\b|\bslander\w*|\bnot in our interest to\b|\bstandard (?:practice"
    r"|procedure|industry)\b|\bindustry standard\b|\bperfectly normal\b|\b(?:it|this|that|which) is (?:completely "
    r"|perfectly |entirely )?(?:normal|harmless|insignificant)\b|\bnothing (?:to do with|wrong with|we (?:can"
    r"|could))\b|\bif only we could control\b|\bwe have no control\b|\b(?:our|company) (?:\w+ )?(?:followed|acted"
    r"|complied|in line)\b[^.!?※]*\b(?:procedures?|polic\w+|protocol|rules|law)|\b(?:terms|policy|policies|rules"
    r"|website|contract|conditions|conditions of carriage) (?:\w+ )?(?:clearly|explicitly)\b|\bnot (?:an "
    r"|a )?(?:issue|error|fault|defect|problem|bug) (?:with|of|on) (?:our|us)\b|\bhad every opportunity\b"
    r"|\bwe (?:can't|cannot) (?:control|be blamed|help it if)\b|\bas per our (?:terms|policy)\b|\bdid warn\b"
    r"|\bwere warned\b"
)
_DEFENDED_TRAP = (
    r"\b(?:your|the) (?:feedback|reaction|anger|point)[^.!?※]*\b(?:not|never) (?:overreact|exaggerat)\w*"
    r"|\bnot (?:your|the customer's) (?:own )?(?:fault|mistake|error)\b|\b(?:we|our) (?:\w+ ){0,2}(?:failed"
    r"|neglected)\b|\bsomething wrong\b|\bif (?:there's|something|anything)\b[^.!?※,]*\bwrong\b"
    r"|\bour (?:own )?(?:fault|mistake|error)\b|\b(?:this|it|that) (?:is|was) (?:wrong|our (?:fault|mistake))\b"
    r"|\b(?:is|was|were) wrong (?:of us|and|to)\b|\bwe (?:should|could) have\b|\bnot (?:normal|acceptable)\b"
    r"|\bwrong (?:account|number|item|version|email|song|gate|order|address|one)\b|\bwhat(?:'s| is| went| was"
    r"| seems)? (?:\w+ )?wrong\b|\byou should have (?:received|an?|it|the|your|been contacted|gotten)\b"
)

ENGLISH: dict[str, Rule] = {
    "acknowledgement": Rule(_ACKNOWLEDGED, _ACKNOWLEDGED_TRAP),
    "empathy": Rule(f"{_UNDERSTOOD}|{_SHARED}", _EMPATHY_TRAP),
    "apology": Rule(_APOLOGY, _APOLOGY_TRAP),
    "defensiveness": Rule(_DEFENDED, _DEFENDED_TRAP),
}
"""What a reply says to the person."""
