"""English patterns of response strategies, each with the tactic of image repair it is, and what is none of them."""

_OTHERS = (
    r"(?:suppliers?|vendors?|subcontractors?|contractors?|third[- ]part(?:y|ies)|partners?|providers?|users?|customers?"
    r"|riders?|drivers?|passengers?|guests?|owners?|employees?)"
)
_GAP = r"[^.!?;\n]"
_MONEY = r"(?:refund|reimburs|compensat)"
SIGNS: tuple[tuple[str, str, str], ...] = (
    ("attack_accuser", "attack_accuser",
     rf"\b(?:legal action|lawyers?|sue|police|prosecut\w+)\b{_GAP}{{0,50}}\b(?:whoever|anyone who|spread\w*"
     r"|publish\w*|bloggers?|authors?|wr(?:ote|itten) to (?:her|him|them))\b"
     r"|\bwith a grudge\b|\bdisgruntled\b|\bhistory of attacking\b|\bsmear\w*\b"
     r"|\bmalicious (?:\w+ )?(?:rumou?r|claim|allegation|post|video|lie|report)s?\b"
     r"|\bspread(?:s|ing)? (?:false |malicious )?(?:rumou?rs|lies|falsehoods|misinformation)\b"
     rf"|\bwant(?:s|ed|ing)? to (?:damage|harm|hurt|destroy) (?:us|our)\b|\bout to (?:damage|harm|hurt) (?:us|our)\b"
     r"|\b(?:invent(?:s|ed|ing)?|made up|paid (?:\w+ )?to) (?:\w+ )?(?:stories|lies|claims)\b"
     r"|\bpaid (?:\w+ ){0,3}to (?:invent|write|spread)\b"),
    ("denial", "simple_denial",
     r"\b(?:untrue|not (?:simply )?true|simply false|no truth|fabricat\w+|baseless|unfounded|groundless|a hoax|a lie)\b"
     r"|\b(?:claims?|allegations?|reports?|rumou?rs?|stor(?:y|ies)|accusations?) (?:is|are|was|were) (?:\w+ )?false\b"
     r"|\bwithout (?:any )?(?:foundation|basis)\b"
     r"|\b(?:there (?:is|was|has been|are|were|have been)|we (?:have|found|see|know of)) (?:absolutely )?no (?:\w+ )?"
     r"(?:fault|evidence|indication|breach|defect|problem|leak|link|sign)s?\b"
     r"|\bat no time\b|\bnever (?:happened|took place|used|sold)\b|\bdid(?: not|n['’]t) (?:happen|occur)\b"
     r"|\bwe (?:\w+ly )?(?:deny|reject|refute)\b|\bcontain(?:s|ed)? no\b|\bcontrary to (?:what|reports?|claims?)\b"
     r"|\bno basis\b|\b(?:nothing|no evidence) to support\b|\bnot (?:one|a) word\b[^.!?\n]{0,20}\b(?:true"
     r"|holds?)\b|\bnothing of the (?:sort|kind)\b|\bmistaken claims?\b"
     r"|\b(?:this|story|claim|rumou?r|picture|photo|video|document|article|report|accusation)s?\b[^.!?;\n]{0,30}"
     r"\b(?:is|are|was|were) (?:simply |completely |entirely |pure |a )?(?:fake|forged|forgery|fiction"
     r"|made[- ]up|invented|invention|misinformation|(?:simply|plainly|plain|completely|entirely) wrong)\b"
     r"|\bwe (?:dispute|contest) that\b|\bwe can rule out\b|\b(?:has|have) no substance\b|\bnothing to do with us\b"
     r"|\bwhatever you(?:['’]ve| have| may have)? (?:heard|read|seen)\b|\bit is not the case that\b"
     r"|\bnot (?:\w+ )?in any of our\b|\bincorrect in every\b|\bno such (?:\w+ )?(?:\w+ )?(?:ever )?(?:took place"
     r"|occurred|happened|exists?)\b"),
    ("scapegoat", "shift_blame",
     rf"\b(?:caused by|due to|because of|the result of|(?:fault|responsibility|blame) (?:lies|rests|is) with"
     rf"|fault of)\b"
     rf"{_GAP}{{0,25}}\b{_OTHERS}\b|\bresponsibility (?:lies|rests) with (?:them|him|her)\b"
     rf"|\b{_OTHERS} (?:who )?(?:may|might|had|have|has|did|do|does)(?: not|n['’]t)(?: have)? (?:\w+ )?"
     r"(?:follow|us(?:e|ed)|clos(?:e|ed)|read|squeez(?:e|ed)|maintain(?:ed)?|observ(?:e|ed)|check(?:ed)?)\w*"
     rf"|\b{_OTHERS} (?:may|might) have (?:entered|used|ignored|overloaded|mis\w+|damaged|forgotten)\b"
     rf"|\b(?:because|since|as|when) {_OTHERS} (?:used|entered|overloaded|ignored|mis\w+|damaged|forgot)\b"
     rf"|\b{_OTHERS} (?:delivered|supplied|shipped) (?:us )?(?:faulty|defective|wrong|bad)\b"
     r"|\b(?:user|rider|driver|customer|operator) (?:error|misuse)\b|\b(?:improper|incorrect|wrong) use\b"
     r"|\b(?:happened|occurred|arose|lay|originated) (?:at|with|on the side of) (?:our|the|a) (?:\w+ )?(?:partner"
     r"|supplier|provider|contractor|agency)\b|\b(?:company|firm|partner|provider) that (?:runs|operates"
     r"|supplies)\b[^.!?\n]{0,40}\bwithout\b"),
    ("excuse", "defeasibility",
     r"\b(?:beyond|out of|outside) our (?:control|hands)\b|\b(?:nobody|no one|we|not) could(?: not|n['’]t)? have "
     r"(?:foreseen|known|done|predicted|prevented)\b|\bcould(?: not|n['’]t) have (?:foreseen|known|predicted)\b"
     r"|\bnothing we could have\b|\bunforesee\w+\b|\bunprecedented\b|\bwithout warning\b|\boverwhelmed\b"
     r"|\bforce majeure\b|\bdue to (?:the |bad |heavy |severe |extreme |adverse )*(?:weather|storm|snow|ice|fog"
     r"|strike)\b"
     r"|\b(?:storms?|snow|ice|fog|floods?|blackouts?|strikes?) (?:closed|hit|stopped|forced|delayed|made|caused)\b"
     r"|\b(?:everything|all) in our power\b|\bno (?:inspection|check|test|one|expert) could(?: have)?\b"
     r"|\b(?:far )?beyond (?:anything|what) (?:we|anybody|anyone)\b|\bcould not (?:cope|keep up)\b"
     r"|\bexceeded (?:all|our|every)\b"),
    ("excuse", "accident",
     r"\bhonest mistake\b|\bunintention\w+\b|\bby accident\b|\bhuman error\b|\bnobody intended\b|\btechnical glitch\b"),
    ("excuse", "good_intentions",
     r"\bmeant well\b|\bgood intentions?\b|\bin good faith\b|\b(?:never|not) (?:our|my|the) intention\b"
     r"|\b(?:did(?: not|n['’]t)|never) (?:mean|meant|intend|intended) to\b"),
    ("excuse", "provocation",
     r"\bwe (?:were provoked|had no (?:other )?choice|were left with no choice|only reacted)\b"),
    ("justification", "minimisation",
     r"\b(?:isolated|rare|individual|exceptional) (?:cases?|incidents?|instances?|exceptions?)\b|\bhandful of\b"
     r"|\b(?:small|tiny|limited|very small) (?:number|share|part|fraction) of\b|\bvery few\b|\bvast majority\b"
     r"|\bless than (?:one|two|three|\d[\d.]*) ?(?:%|per ?cent)\b|\b(?:impact|effect|extent) (?:is|was) (?:\w+ )?"
     r"(?:limited|small|minor)\b|\bharmless\b|\bno (?:danger|risk|threat|hazard) to\b"
     r"|\b(?:nobody|no one|none) (?:was|were|is|has been) (?:\w+ )?(?:hurt|injured|affected|harmed|in danger)\b"
     r"|\bno injuries\b|\b(?:outage|delay|disruption|interruption) was (?:short|brief|minor)\b|\bminor (?:issue|problem"
     r"|incident|delay)s?\b"
     r"|\b(?:in|into) perspective\b|\bnothing worse than\b|\b(?:very|extremely) (?:limited|small)\b"
     r"|\bonly (?:\w+ ){1,3}(?:was|were|is|are) (?:affected|concerned|involved)\b|\bno (?:\w+ ){1,2}(?:was"
     r"|were) (?:involved|lost|touched)\b|\b\w+ of the \w+ (?:thousand|million)\b"),
    ("justification", "differentiation",
     rf"\b(?:other|rival|competing) \w+{_GAP}{{0,30}}\b(?:more|higher|worse|slower|longer) than\b"
     r"|\bless than (?:inflation|others|our rivals|the industry|elsewhere)\b|\bindustry (?:standard|practice"
     r"|average)s?\b"
     r"|\bcommon practice\b|\bcompared (?:to|with) (?:others|rivals|competitors|the industry)\b"),
    ("justification", "transcendence",
     r"\bfor the (?:greater )?good of\b|\bin the interests? of (?:all|everyone|safety)\b|\bfor the safety of (?:all|"
     r"everyone)\b"),
    ("compensation", "compensation",
     rf"\b(?:is|are|be|being|get|gets|been) (?:\w+ )?{_MONEY}(?:ed|d)\b"
     rf"|\bwe(?:['’](?:ll|re|ve)| will| are| have)? (?:\w+ ){{0,2}}?{_MONEY}\w*"
     r"|\b(?:gets?|receives?|given) (?:\w+ ){0,3}?(?:money back|refunds?|vouchers?|credit)\b"
     r"|\b(?:charges?|money|fees?|amounts?) (?:\w+ )?(?:goes|go|comes|come|is|are) (?:\w+ )?(?:back|on (?:its|the) way "
     r"back|returned)\b|\b(?:rides?|months?|drinks?|meals?|fares?) (?:is|are) on us\b"
     rf"|\bwe (?:will )?(?:pay|cover|bear|take on)\b{_GAP}{{0,30}}\b(?:treatment|bills?|costs?|earnings|expenses"
     r"|damages?|losses)\b"
     r"|\b(?:months?|days?|rides?|weeks?) (?:for free|free of charge|on top)\b|\bfree (?:months?|rides?|weeks?|days?)\b"
     r"|\b(?:nobody|no one) pays for\b"
     r"|\b(?:can|may) claim\b|\bat our (?:own )?(?:expense|cost)\b|\bon the house\b|\b(?:costs?|bills?"
     r"|expenses) (?:is|are|will be) (?:being )?(?:settled|paid|met|covered)\b|\bget (?:their|your"
     r"|the) [^.!?\n]{0,20}\bback\b|\bin compensation\b"),
    ("apology", "mortification",
     r"\b(?:we|i|company|management|board)(?:['’](?:re|m|d)| are| am| is)? (?:\w+ ){0,3}?(?:sorry|apologi[sz]e)\b"
     r"|(?:^|[.!?:;\n])\s*(?:so |very |really |deeply )?(?:sorry|(?:our |my )?(?:sincere |deepest "
     r"|humble )?apologies)\b"
     r"|\b(?:accept|offer|owe) (?:\w+ ){0,2}?(?:\w+ )?apolog(?:y|ies)\b|\bfor(?: your)? forgiveness\b|\bforgive us\b"
     r"|\b(?:take|takes|taking|accept|accepts|bear) (?:full |all |the )?responsibility\b"
     r"|\b(?:we|i)(?:['’]re|['’]m| are| am) (?:deeply |truly )?ashamed\b|\bshould never have happened\b"
     r"|\bwe (?:let|have let) (?:you|them|our \w+) down\b|\bwe failed (?:you|them|our)\b"
     r"|\b(?:say|saying|truly|deeply) sorry\b|\b(?:express|accept|offer) (?:my|our) (?:\w+ )?regrets?\b"
     r"|\bwe (?:deeply |sincerely )?regret\b|\bbroke (?:that|your|their) trust\b|\bno (?:good )?(?:reason"
     r"|excuse) for (?:that|this|what)\b|\b(?:is|was) on us, (?:and )?n(?:obody|o one)\b"),
    ("reminder", "bolstering",
     r"\bfor (?:\w+ )?(?:years|decades)\b|\b(?:has|have) always (?:been|come|taken|put|stood)\b"
     rf"|\b(?:safety|quality|privacy|security)\b{_GAP}{{0,25}}\b(?:first|top|highest) (?:priority|concern)\b"
     r"|\b(?:highest|strictest) standards\b|\bproud (?:record|history)\b|\btrack record\b|\bawards?\b|\bpassed every\b"
     r"|\binspected regularly\b|\bmeet (?:the|all) (?:\w+ )?standards\b"
     r"|\bsince (?:18|19|20)\d\d\b|\bin (?:two|three|four|five|many) decades\b|\bhas stood for\b"
     r"|\bundergoes\b[^.!?\n]{0,15}\btests?\b|\bwe have (?:always )?served\b"),
    ("ingratiation", "bolstering",
     r"\bthank (?:you|our|all|every\w*)\b|\bgrateful to\b|\b(?:we )?appreciate (?:your|our|all)\b"
     r"|\byour (?:patience|loyalty|trust|support)\b|\b(?:best|wonderful|loyal|great) (?:customers?|neighbours?"
     r"|guests?)\b"
     r"|\bthankful\b|\bwe owe (?:it|this|everything) to you\b|\bthe trust (?:that )?(?:you|so many)\b"),
    ("victimage", "victimage",
     r"\b(?:we|us|company|like many others)\b[^.!?\n]{0,40}\bvictims?\b|\b(?:we|company) (?:are|were|is|have been|was) "
     r"(?:\w+ )?(?:the )?targets? of\b|\b(?:campaign|attack\w*|plot) (?:\w+ )?against us\b|\bcyber-? ?attack\b"
     r"|\b(?:criminals|hackers|saboteurs) (?:broke|gained|attacked|got|entered)\b"
     r"|\b(?:set fire to|stole from|vandali[sz]ed|broke into|sabotaged) (?:\w+ ){0,3}?our\b|\barson\b"),
    ("instructing", "",
     r"\b(?:stop|do not|don['’]t|avoid) (?:us(?:e|ing)|drink|eat|open|touch|rid|driv|charg|click)\w*"
     r"|\bchange your (?:password|pin)s?\b|\b(?:see a doctor|seek (?:medical )?(?:help|advice|care))\b"
     r"|(?:^|[.!?,;:\n]\s*|\band |\bplease )(?:unplug|return (?:it|them)|bring (?:it|them|your)|send (?:us |your )"
     r"|write to|call (?:us|our|the)|contact (?:us|our)|check (?:your|the|whether)|report (?:it|any)"
     r"|register (?:at|on))"
     r"|\b(?:hotline|write to|mail)\b[^.!?\n]{0,20}(?:@|\d{3})"
     r"|\b(?:throw|put) (?:it|them) (?:away|aside)\b|\bdispose of\b|\bplease (?:keep|use|check|wait|stay|do"
     r"|update|return|contact|call|have)\b|\b(?:through|using|on) (?:the|our) (?:form|website|hotline)\b"),
    ("adjusting", "corrective_action",
     r"\b(?:we|i|they)(?:['’](?:ve|re|ll)| have| are| will)? (?:\w+ ){0,3}?(?:chang(?:ed|ing)|fix(?:ed|ing)|replac\w+"
     r"|lock(?:ed|ing)|clos(?:ed|ing)|suspend(?:ed|ing)?|repair\w*|recall(?:ed|ing)?|remov(?:ed|ing)|rebuil\w+|hired"
     r"|taken (?:the )?|introduc\w+|shut|correct(?:ed|ing)|restor\w+)\b"
     r"|\b(?:is|are|being|been|has been) (?:\w+ ){0,2}?(?:locked|fixed|replaced|recalled|rebuilt|suspended|closed"
     r"|repaired|taken off|shut)\b|\bworks? again\b|\bworking on it\b|\bwe(?:['’]re| are) on it\b"
     r"|\b(?:off|leaves?) the (?:roads?|streets?)\b|\bfrom (?:\w+day|now) on\b|\b(?:stays?|remains?) (?:shut"
     r"|closed)\b"
     r"|\b(?:ended|terminated) (?:the|our) contract\b|\b(?:been|was|were) (?:since )?(?:repaired|relieved"
     r"|dismissed|suspended|replaced)\b|\bhas since been\b|\b(?:starts?|begins?) (?:work )?on \w+day\b"
     r"|\bstands? still until\b"),
    ("adjusting", "",
     r"\b(?:investigat(?:e|ing|ed)|looking into|reviewing|examin(?:e|ing))\b|\bindependent (?:firm|review|inquiry)\b"
     r"|\bwhat went wrong\b|\b(?:here is|find out|explain|establish) what happened\b|\b(?:fault|problem) (?:is"
     r"|was|lies) (?:ours|in our|with us)\b"
     r"|\bour (?:own )?(?:\w+ )?(?:checks?|service|systems?) (?:failed|stopped|did not|missed)\b|\bdid not act\b"
     r"|\bour (?:thoughts|hearts|sympathy|condolences)\b|\b(?:updates?|write here) every\b|\bpublish the result\w*\b"
     r"|\b(?:records?|list|report) (?:is|are) (?:now )?(?:online|public)\b"
     r"|\b(?:opened|launched|started|ordered) an? (?:\w+ )?(?:inquiry|investigation|review|audit)\b|\b(?:helping"
     r"|cooperating with|working with) the (?:police|authorities|regulator)\b"),
)  # fmt: skip
"""(strategy, tactic of image repair, "" where it is none, pattern)."""
NONE: dict[str, str] = {
    "apology": r"\bsorry (?:that|if|to hear)(?: that)? (?:you|this|some) (?:\w+ )?(?:feel|felt|think|find|found|see)\b"
    r"|\b(?:(?:demand|insist|expect)\w*|(?:want|wants|wanted|wanting|call|ask)(?:s|ed|ing)?(?! to\b))\b[^.!?;\n]{0,60}"
    r"\bapolog\w+"
    r"|\bsorry to (?:hear|see)\b|\bapolog(?:y|ies) (?:is|are|was|were) not\b|\bnot (?:be )?sorry\b",
    "compensation": r"\b(?:no|not|n['’]t|never|cannot|without|unable to|have you|did you|if you)\b(?:\W+\w+){0,3}?\W+"
    r"(?:refund|reimburs|compensat|voucher|credit)\w*",
    "denial": r"\b(?:not|n['’]t|cannot|never) (?:\w+ )?(?:deny|denied|reject)\b",
    "scapegoat": rf"\b(?:not|n['’]t|never) (?:\w+ ){{0,2}}?(?:blame|(?:the )?fault of)\b{_GAP}{{0,60}}"
    r"|\bnot (?:the |a |your )?\w+['’]s fault\b",
    "excuse": r"\b(?:no|cannot|not|nothing\b[^.!?\n]{0,20}) excuse\b",
    "justification": r"\b(?:not|no|n['’]t|never) (?:an? )?(?:isolated|individual|rare|minor|harmless)\b",
    "attack_accuser": r"\b(?:not|n['’]t) (?:\w+ )?(?:sue|prosecute|legal action)\b",
}
"""Strategy → what looks like it and is none; cut out before its patterns are read."""
ADMITS = (
    r"\b(?:did not|didn['’]t|failed to) (?:act|listen|react|respond|check)\b|\b(?:our|we) (?:own )?(?:\w+ )?checks? "
    r"(?:failed|did not|didn['’]t|missed)\b|\b(?:inbox|reports?|warnings?) [^.!?;\n]{0,20}(?:nobody owned|ignored"
    r"|overlooked)\b|\bwe (?:had|ignored|overlooked) (?:\w+ )?(?:reports|warnings)\b"
)
"""Neglect of its own that a statement admits."""
