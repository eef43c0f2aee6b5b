"""Cues that weigh whatever the volume: somebody hurt or endangered, data breached, discrimination, the law.

By rules in English and Chinese, on texts as they are. A cue is read where harm is reported, alleged or feared as real,
or where legal steps are taken, threatened or urged; figures of speech, denials and suppositions are cut out of a text
before it is read. How often a reader agreed stands in `KNOWN`; only what `FLOOR_CUES` names may raise a level of
severity, and the rest is for people to look at.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.scoring import signs
from analysis.scoring.signs import Accuracy

CUES = ("safety", "breach", "discrimination", "legal")
KNOWN: Mapping[str, Mapping[str, Accuracy]] = {
    "en": {
        "safety": Accuracy(0.827, 0.731, 0.894, 81),
        "breach": Accuracy(0.833, 0.641, 0.933, 24),
        "discrimination": Accuracy(0.731, 0.615, 0.823, 67),
        "legal": Accuracy(0.896, 0.808, 0.946, 77),
    },
    "zh": {"safety": Accuracy(0.882, 0.766, 0.945, 51)},
}
"""Precision by language, on real mentions of three archives and on Chinese reviews of meals:
`python -m tests.benchmarks.cues`. Much of it was read while the rules were written; the other cues have not been
measured in Chinese."""
FLOOR_PRECISION = 0.7
"""A cue that is wrong more often than three times in ten raises no level. A floor rests on three voices or more
(`measures.cue_alarm`): at this precision two of three are right nearly eight times in ten, and one of them all but
three times in a hundred, if they err apart."""
FLOOR_CUES: Mapping[str, tuple[str, ...]] = {
    language: tuple(cue for cue in CUES if cue in known and known[cue].value >= FLOOR_PRECISION)
    for language, known in KNOWN.items()
}
"""Cues that may raise a level of severity, by language of the mention."""

_NOBODY = r"(?:no[- ]?(?:body|one)|none|(?:did|do|does|was|were|is|are|has|have|had|wo|ca|would)n['’]?t|not|never|no)"
_SUPPOSED = (
    r"\b(?:if|unless|in case|what if|imagine|suppose|lest|hope(?:fully)?|hoping|wish(?:es|ing)?|afraid of|before"
    r"|until|till)"
)
_HARM = (
    r"(?:hurt|injur\w+|harmed|kill\w*|die[sd]?|dead|dying|beaten|beat|assault\w*|attack\w*|unsafe|danger\w*"
    r"|hospital\w*"
    r"|bleed\w*|burn\w*|chok\w+|dragged|unconscious|poison\w*|explod\w+|fire)"
)
_PERSON = (
    r"(?:me|us|him|them|people|(?:her|the|a|an|this|that|our|my|your|their|paying|elderly|old|innocent|asian|poor|some"
    r"|one|its|another|69[- ]year[- ]old|company|peaceful|bloodied|injured|\w+['’]s) (?:\w+ ){0,2}?(?:man|men|woman"
    r"|lady|guy|dude|passengers?|customers?|doctor|dr|person|people|child|children|kids?|baby|son|daughter|mother|mom"
    r"|father|dad|wife|husband|guests?|riders?|drivers?|workers?|employees?|girl|boy|grandpa|grandma|dog|pet|cat"
    r"|clients?|flyers?|fliers?|consumers?|patients?|physician|pax)|passengers?|customers?|patients|children)"
)
_OFF = (
    r"(?:off|out of|from|away|down the aisle|through the aisle|by (?:his|her|the) (?:arms?|feet|legs?|hair|police|cops"
    r"|security)|kicking|bloody|unconscious|bleeding|screaming)"
)
_SAFETY = (
    r"\b(?:injur(?:y|ies|ed|ing)|bleeding|bloodied|blood(?:y)? (?:face|mouth|nose|lip|man|passenger|doctor|customer)"
    r"|(?:beaten|left|covered in|was|is|are) (?:him |a man )?blood(?:y|ied)?|concussion|unconscious|hospitali[sz]\w+"
    r"|(?:in|to) (?:the )?(?:hospital|er|a&e|icu|emergency room)|ambulance|paramedics?"
    r"|(?:broken|broke|breaking|fractured) (?:his |her |my |their |a )?(?:nose|teeth|tooth|arm|leg|wrist|rib|ribs|jaw"
    r"|hip|foot|finger|bones?|skull|neck|back)|(?:lost|knocked out) (?:\w+ ){0,3}?teeth"
    r"|(?:knock(?:s|ed|ing)?) (?:him|her|them|me|a man|people|passengers?|customers?) (?:out|unconscious)"
    r"|assault(?:s|ed|ing)?|manhandl\w+|brutali[sz]\w+|police brutality|brutality|brutal(?:ly)? (?:beat\w*|attack\w*"
    r"|assault\w*|drag\w*|remov\w+|forc\w+|treat\w+|violen\w+|handl\w+|evict\w+|eject\w+)"
    r"|violence|violent(?:ly)?|forcibl[ey] (?:remov\w+|drag\w+|eject\w+|evict\w+|pull\w+)|forceful(?:ly)? remov\w+"
    r"|physically (?:removed?|removing|dragg\w+|attack\w*|harm\w*|forc\w+|abus\w+)|body ?slam\w*|roughed up"
    rf"|dragg?(?:s|ed|ing)? {_PERSON} (?:\w+ )?{_OFF}"
    rf"|dragg?(?:ed|ing) (?:\w+ )?{_OFF}|(?:passenger|customer)[- ]dragg\w+|dragged (?:passenger|customer)"
    r"|dragg(?:ed|ing) (?:this|that|the|a|an) (?:\w+ )?(?:man|woman|passenger|doctor|customer|guy)"
    r"|dragging (?:incident|video|victim|of)"
    r"|beat(?:s|ing|en)? (?:up|(?:the )?(?:\w+ )?(?:shit|crap|hell|snot|living \w+|out) out of|a passenger"
    r"|the passenger"
    r"|passengers?|customers?|bloody|unconscious|half to death)|beat[- ]?downs?|beatings?"
    rf"|(?:beat(?:s|en|ing)?|attack(?:s|ed|ing)?|punch(?:es|ed|ing)?|chok(?:es|ed|ing)|tas(?:ed|ing)|kill(?:s|ed|ing)?"
    rf"|hurt(?:s|ing)?|harm(?:s|ed|ing)|poison(?:s|ed|ing)|endanger\w*) (?:up )?{_PERSON}"
    r"|(?:was|were|been|being|got|getting|be|gets) (?:\w+ ){0,2}(?:beaten|assaulted|hurt|injured|killed|attacked"
    r"|punched|choked|burned|burnt|poisoned|electrocuted|tased|harmed|crushed|beat up)"
    r"|(?:passengers?|child|children|baby|dog|pet|puppy|cat|customers?|drivers?|patients?|people) (?:\w+ ){0,2}(?:died"
    r"|passed out|collapsed|fainted|choked)|death toll|fatal(?:ly|ity|ities)?|life[- ]threatening|near[- ]miss(?:es)?"
    r"|(?:put|puts|putting|risk|risks|risking|risked) (?:\w+['’]?s? ){0,3}(?:lives|life|safety)|endanger(?:s|ed|ing)"
    r"|lives (?:\w+ )?(?:at risk|in danger|at stake)|(?:was|were|are|is|us|me|them|passengers|lives|kids|children)"
    r" in danger|(?:health|safety|fire|choking|burn) (?:risk|hazard|violation|issue|concern|problem|threat)s?"
    r"|(?:concern\w*|worried|fear\w*) (?:\w+ ){0,3}safety|hazardous|unsafe|(?:not|isn['’]?t|wasn['’]?t"
    r"|aren['’]?t) safe"
    r"|(?:very|so|really|extremely|incredibly|that['’]?s|is|are|was|were|and|how) dangerous(?:ly)?"
    r"|dangerous (?:situation|conditions?|driving|driver|product|plane|practice)"
    r"|emergency landing|caught (?:on )?fire|(?:engine|cabin|battery) fire|(?:engine|plane|battery|phone|car) "
    r"(?:is |was |were )?on fire|smoke (?:in|coming|filled|filling)"
    r"|(?:phone|battery|charger|laptop|kettle|oven|engine|tyre|tire|device|bottle) (?:just |has |had )?exploded"
    r"|(?:brakes?|steering|airbags?|seat ?belts?) (?:\w+ ){0,2}(?:fail\w*|stopped|broke\w*|didn['’]?t|won['’]?t)"
    r"|food poisoning|allergic reaction|anaphylactic|salmonella|e\.? ?coli|listeria|carbon monoxide|toxic fumes"
    r"|electric shock|electrocut\w+|safety recall|product recall|suffocat\w+|drowned)\b"
)
_SAFETY_TRAPS = (
    rf"\b{_NOBODY}(?:\W+\w+){{0,3}}?\W+{_HARM}\b|\b{_NOBODY} (?:fatalit\w+|injur\w+|blood\w*|violen\w+|hazard\w*)\b"
    rf"|{_SUPPOSED}\b(?:\W+[\w'’]+){{0,6}}?\W+{_HARM}\b"
    rf"|\b(?:would|could|might|may|gonna|going to|will|wanna|want to|'ll|about to|'d) (?:\w+ ){{0,2}}{_HARM}\b"
    r"|\bkill(?:ed|s|ing)? (?:me|it|time|the|us|my)\b"
    r"|\b(?:beat|hurt|burn)(?:s|ing|en)? (?:it|the (?:competition|price|heat|vibe|mood|battery|game|lines?|queue"
    r"|traffic|rush|deadline|buzz|time|clock|odds|crowd|system|music)|time|my (?:phone|feelings|brain|head|soul"
    r"|ears|eyes|heart|wallet|budget|brand|score|data|time)|that|this|a free|around the bush|cds?)\b"
    r"|\b(?:dying|die|died|dead|choked|passed out) (?:for|to (?:see|know|get|go|hear)|of (?:boredom|laughter|laughing"
    r"|embarrassment)|inside|laughing|down|up)\b|\badd(?:s|ing|ed)? insult to injury\b|\binsult to injury\b"
    r"|\b(?:account|wallet|bank|budget|money|ears|eyes|heart)s? (?:\w+ )?bleed\w*\b"
    r"|\b(?:dragg?(?:s|ed|ing)?) (?:on|out (?:for|the)|down|feet|(?:my|your|their|its|his) feet|race|by (?:the )?"
    r"(?:internet|twitter|everyone|media|people)|(?:\w+ )?(?:bags?|luggage|suitcase|name|through the mud))\b"
    r"|\b(?:not a|isn['’]?t a|no) (?:threat|danger)\b|\bin danger of (?:missing|losing|being late)\b|\bbr(?:eak"
    r"|oke) a leg\b|\b(?:take|takes) some beating\b|\bnot safe for work\b|\bhold\w* out in hospital\w*\b"
    r"|\bnon[- ]?violen\w+|\b(?:fatal) (?:error|exception|attraction|flaw)s?\b|\bbeating (?:up )?(?:a dead horse"
    r"|around the bush|heart)\b|\b(?:gave|giving|give|almost had|nearly had|having|have) (?:me |us |him |her )?(?:a "
    r"|an )?"
    r"(?:\w+ )?(?:heart attack|concussion|seizure)s? (?:from (?:laughing|the bass)|lol)\b"
    r"|\bexploded (?:with|on twitter|in (?:popularity|laughter)|from the)\b|\bsafety (?:video|card|demo\w*|briefing)\b"
    r"|\b(?:dead|injured|killed|beat(?:en)?|dying|injur\w+) (?:in|by|on) (?:the )?(?:game|fantasy|finals?|playoffs?"
    r"|match|boss|level)\b|\binjured (?:list|reserve)\b|\binjury (?:time|list|report|lawyers?|attorneys?|claims?)\b"
    r"|\bdangerous(?:ly)? (?:woman|in love|good|close|addictive|game|precedent|delicious|low|tempting)\b"
    r"|\b(?:album|song|track|playlist|mixtape|cassettes?|heartbeats?|8[- ]?bit)\b.{0,30}\b(?:violen\w+|injur\w+"
    r"|killed)\b"
)
_ACCOUNT = r"(?:accounts?|acct|acc|profile|e-?mail|log-?in|bank|credit card|phone|card|premium|subscription)"
_STOLEN = r"(?:hacked|hijacked|compromised|breached|broken into|taken over|hack)"
_DATA = (
    r"(?:(?:(?:personal|private|customers?['’]?|users?['’]?|clients?|credit card|card|bank|payment|passport|medical"
    r"|our|my|your|their|all) ){1,3}(?:data(?:base)?|info(?:rmation)?|details|records|passwords?"
    r"|e-?mail address(?:es)?"
    r"|credentials|privacy|card numbers?))"
)
_STRANGER = (
    r"(?:some ?(?:one|body|guy|dude|asshole|idiot|person)|strangers?|(?:the |a |some )?hackers?|others?"
    r"|random (?:person"
    r"|people|guy)|unknown (?:person|device)s?|another person|whoever)"
)
_BREACH = (
    rf"\b(?:{_ACCOUNT}(?:['’]s)? (?:\w+ ){{0,4}}?{_STOLEN}|(?:hack|hacks|hacked|hacking|hijack\w*|broke"
    rf"|breaking) (?:in|into|in to)? ?"
    rf"(?:my|our|his|her|their|your|people['’]?s|users['’]?) (?:\w+ ){{0,2}}?{_ACCOUNT}"
    rf"|{_STRANGER} (?:\w+['’]?\w* ){{0,4}}?(?:us(?:es|ing|ed)|hack\w*|access\w*|logg\w+ (?:in|on)\w*|stole|stolen"
    rf"|took over|taken over|hijack\w*|got|log in|listen\w*|play\w*|gain\w*) (?:\w+ ){{0,3}}?(?:my|our) "
    rf"(?:\w+ ){{0,2}}?(?:{_ACCOUNT}|spotify)|(?:data|security|privacy|database|system) breach(?:es|ed)?"
    rf"|breach of (?:\w+ )?(?:data|security|privacy|gdpr)|data (?:leaks?|theft)|{_DATA} (?:\w+ ){{0,3}}?(?:leaked"
    rf"|stolen|exposed|breached|compromised|hacked)|(?:leak|leaks|leaked|leaking|stole|steals|stolen|exposed"
    rf"|exposing|selling|sold) (?:\w+ ){{0,2}}?{_DATA}|(?:identity|account|password) theft"
    rf"|identity (?:was |has been |got )?stolen|passwords? (?:\w+ ){0, 2}(?:leaked|stolen|exposed)"
    rf"|unauthori[sz]ed (?:access|log-?ins?|sign-?ins?|devices?|users?|activity)"
    rf"|(?:i|i['’]?d|i['’]ve|ive|we|they|you guys|you|company|been|being) (?:\w+ ){{0,2}}?(?:been|got|get|getting"
    rf"|were|was|being) hacked"
    rf"|(?:suspicious|unusual|strange) (?:log-?ins?|sign-?ins?|devices?)|ransomware|hacked accounts?"
    rf"|hackers?['’]?s? (?:e-?mail|has|have|got|is|are|changed|took|accessed|still))\b"
)
_BREACH_TRAPS = (
    rf"\b{_NOBODY}(?:\W+\w+){{0,3}}?\W+(?:{_STOLEN}|leaked|stolen|breach\w*|exposed)\b"
    rf"|{_SUPPOSED}\b(?:\W+[\w'’]+){{0,6}}?\W+(?:{_STOLEN}|leaked|stolen|breach\w*|exposed)\b"
    r"|\b(?:life|growth|travel|productivity|clever|cheap|beauty|quick|useful) ?-?hack(?:s|ed|ing)?\b"
    r"|\b(?:facebook|fb|instagram|insta|twitter|snapchat|snap|sony|yahoo|equifax|uber|dnc|playstation|psn|xbox) "
    r"(?:account )?(?:was|were|is|got|has been|been) (?:\w+ )?hacked\b"
    r"|\bmy (?:girlfriend|boyfriend|wife|husband|sister|brother|roommate|mate|friend|kid|son|daughter|mum|mom|dad"
    r"|ex)s?\b.{0,30}\b(?:hacked|logged|using|on|in)\b|\b(?:hacked|hack) (?:together|up|my way|a|an|by ads)\b"
    r"|\b(?:flight|airport|plane|aircraft|customs|passengers?|runway|gate|deplane|isolation"
    r"|aisle)\b.{0,120}\bsecurity breach\b"
    r"|\bsecurity breach\b.{0,120}\b(?:flight|airport|plane|aircraft|customs|passengers?|runway|gate|deplane)\b"
    r"|\bsome ?(?:one|body) (?:(?:from|at|on|in) (?:\w+ ){0,3}|who |that |please |there |else )?(?:can |could |will "
    r"|to )?"
    r"(?:help\w*|fix\w*|look\w*|got me|get me|support\w*|chat)\b"
)
_GROUP = (
    r"(?:asians?|chinese|vietnamese|blacks?|black|african\w*|brown|latin[ao]s?|hispanic|mexican|arabs?|muslims?|jewish"
    r"|jews?|indians?|women|woman|female|gay|lesbian|trans\w*|lgbt\w*|disabled|handicapped|wheelchair|deaf|blind"
    r"|pregnant|minorit(?:y|ies)|immigrants?|white|male|old|elderly|foreign(?:er)?s?|of colou?r)"
)
_DISCRIMINATION = (
    r"\b(?:racis(?:t|ts|m)|racial (?:profil\w+|abuse|slurs?|bias|discriminat\w+|prejudice|hatred)|racially"
    r"|profiled|sexis(?:t|m)|misogyn\w+|homophob\w+|transphob\w+|islamophob\w+|xenophob\w+|anti-?semit\w+|ableis[tm]"
    r"|ageis[mt]|bigot(?:s|ed|ry)?|discriminat(?:e|es|ed|ing|ion|ory|ions)|prejudiced|hate crimes?|white supremac\w+"
    r"|segregat(?:ed|ion)|ada violation"
    r"|(?:because|bc|cuz|cause|coz|just because|only because) (?:he|she|they)(?:['’]s| is| was| were| are|['’]re) "
    rf"(?:not |an? )?{_GROUP}|(?:because|bc|cuz|just because|for being) (?:i|we)(?:['’]m| am| was| were"
    rf"| are) (?:an? )?"
    r"(?:black|asian|chinese|muslim|brown|indian|arab|gay|lesbian|trans\w*|jewish|hispanic|latin[ao]|african\w*)"
    r"|for (?:being|flying while|travelling while) (?:black|asian|chinese|muslim|brown|indian|arab|gay|lesbian"
    r"|trans\w*|jewish)"
    r"|because of (?:my|his|her|their|the colou?r of) (?:race|religion|gender|skin|disability|sexuality|accent"
    r"|ethnicity|nationality|wheelchair|hijab|headscarf|colou?r)"
    r"|(?:refus(?:ed|es|ing)|den(?:y|ied)|kicked|threw|humiliat\w+|mistreat\w+) (?:\w+ ){0,6}(?:wheelchair"
    r"|disabled|handicapped|service dog|guide dog|hijab))\b"
)
_DISCRIMINATION_TRAPS = (
    rf"\b{_NOBODY}(?:\W+\w+){{0,2}}?\W+(?:racis\w+|sexis\w+|discriminat\w+|bigot\w*|prejudice\w*|profiled)\b"
    rf"|\b(?:if|unless|imagine|what if)\b(?:\W+[\w'’]+){{0,5}}?\W+(?:racis\w+|sexis\w+|discriminat\w+|{_GROUP})\b"
    r"|\b(?:hope|wonder)\b(?:\W+[\w'’]+){0,5}?\W+(?:racis\w+|sexis\w+)\b|\b(?:zero tolerance|do not tolerate"
    r"|don['’]?t tolerate|stand against|fight(?:ing)?|end|against|combat\w*) (?:for |of |any |all )?(?:racis\w+"
    r"|sexis\w+|discriminat\w+|bigotry)\b"
    r"|\b(?:price|weather|taste|discriminating) (?:discriminat\w+|taste|palate|buyers?|customers?)\b"
    r"|\b(?:racist|sexist|bigoted|prejudiced|misogynistic|homophobic) (?:\w+ )?(?:passengers?|customers?|guy|man|woman"
    r"|uncle|neighbou?rs?|trolls?|songs?|lyrics|movie|president|jokes?|tweets?|next to|bands?|music)\b"
    r"|\b(?:trump|spicer|o['’]?reilly|sessions|bannon|republicans?|democrats?|liberals|leftists?|police|cops"
    r"|fox)\b.{0,25}\b(?:racis\w+|sexis\w+|bigot\w*"
    r"|misogyn\w+|anti-?semit\w+)\b|\b(?:called?|calling|call) (?:me|us|you|him|them|everyone|it|people"
    r"|a) (?:a )?(?:racis\w+|sexis\w+|bigot\w*)\b"
    r"|\bwithout prejudice\b|\bpride and prejudice\b|\bdiscriminat\w+ (?:between|against (?:apple|android|iphone"
    r"|windows|linux|mac)\w*)\b|\bbecause (?:\w+ )?(?:old|white|black|blind) (?:friday|box|screen|spot|mirror|version"
    r"|plane|app|phone|noise)\b"
)
_AGENCY = r"(?:dot|d\.o\.t|faa|ftc|fcc|sec|fda|epa|ntsb|cfpb|caa|fca|ofcom|ico|osha|bbb|attorney general)"
_LEGAL = (
    r"\b(?:law ?suits?|litigat\w+|class[- ]action|small claims|legal (?:action|proceedings|steps|threat|counsel"
    r"|claim|liab\w+|battle|trouble|recourse|grounds|consequences?)|legally (?:\w+ )?(?:obliged|obligated|liable"
    r"|responsible|bound|wrong)|(?:my|our|his|her|their|your|dao['’]?s|passenger['’]?s|contact\w*|call\w*|hir\w+|get a"
    r"|consult\w*|good|by) (?:\w+ )?(?:lawyers?|attorneys?|solicitors?|barristers?)|(?:lawyers?|attorneys?) (?:for"
    r"|says?|said|tells?|demand\w*|are|will)|lawyer(?:ed)? up|suing|sued|sues"
    r"|(?:to|will|should|gonna|can|could|must|i['’]ll|we['’]ll|they['’]ll|he['’]ll|please|and|wanna|might|may|lets"
    r"|let['’]?s|would|[a-z]+ll) sue|sue (?:you|them|company|the|y['’]?all|your|their|these|those|ya|his|her|for|over"
    r"|this"
    r"|that)|see you in court|(?:to|in) court|court (?:case|order|date|ruling|hearing)|prosecut\w+|indict(?:ed|ment)"
    r"|subpoena\w*|plaintiffs?|(?:a|the) jury|(?:press|pressing|pressed|filed?|filing|criminal|face|facing|faces"
    r"|assault|felony) (?:\w+ )?charges|charged with (?:assault|battery|fraud|a crime|manslaughter|negligence|murder"
    r"|theft|criminal)|(?:should|must|need to|needs to|ought to) (?:all )?(?:be|get) (?:\w+ )?(?:arrested|prosecuted"
    r"|jailed|sued|charged with|criminally)|(?:been|was|were|got|get|being|gets) (?:\w+ )?(?:prosecuted|sued|fined by)"
    r"|illegal(?:ly)?|unlawful(?:ly)?|against the law|(?:break\w*|broke|broken|violat\w+) (?:\w+['’]?s? ){0,4}(?:laws?"
    r"|(?:civil |human |consumer |passenger |his |her |my )rights|regulations?|contract)"
    r"|breach of (?:\w+ )?(?:contract"
    r"|duty|law)|violation of (?:\w+ ){0,4}(?:laws?|rights|regulations?|contract)|(?:is|committ\w+|pure|outright"
    r"|consumer|insurance) fraud|defraud\w*|criminal(?:ly)? (?:negligen\w+|liab\w+|case|complaint|investigation)"
    r"|regulators|ombudsman|trading standards|consumer protection|better business bureau"
    rf"|(?:complain\w*|complaints?|report\w*|fil\w+|contact\w*|investigat\w*|fine|fines|tell|told|writ\w+|go|going"
    rf"|sent|notify)"
    rf" (?:\w+ ){{0,5}}(?:to|with|by|the|from|at) (?:the |usa? |federal )?{_AGENCY}"
    rf"|{_AGENCY} (?:complaint|investigat\w+|fine[sd]?|violation|report|probe|is investigating|will investigate"
    rf"|inquiry)"
    r"|(?:dept\.?|department) of (?:transportation|justice|labor|consumer)"
    r"|(?:congress\w*|senat\w+|parliament|government|federal|police|criminal|independent|faa) "
    r"(?:\w+ ){0,3}(?:investigat\w+|inquiry|probe|hearings?)|under investigation|investigated by"
    r"|gdpr|cease and desist|false advertis\w+|settle(?:s|d|ment)? (?:out of court|with (?:him|her|the|dr|dao"
    r"|passenger))"
    r"|out[- ]of[- ]court|(?:pay|sue|seek|seeking|award\w*|punitive|claim|claiming|civil) (?:\w+ )?damages"
    r"|defamation|police report)\b"
)
_LEGAL_TRAPS = (
    r"\b(?:(?:so|go ahead and|go|just|oh) )?sue me\b"
    r"|\b(?:should|ought to|needs to|must|would|could) be (?:\w+ )?(?:illegal|a crime|criminal|against the law"
    r"|fined)\b"
    r"|\b(?:how|why) is (?:\w+ )?(?:\w+ )?(?:not|even) (?:illegal|legal|a crime)\b|\b(?:not|n['’]t|nothing|never"
    r"|isn['’]?t"
    r"|wasn['’]?t|won['’]?t) (?:\w+ ){0,2}(?:illegal|unlawful|against the law|suing|sue|fraud|sued)\b|\bmak(?:e|ing) "
    r"(?:\w+ ){0,2}illegal\b|\billegal(?:ly)? (?:download\w*|stream\w*|music|mp3s?|torrent\w*|immigrants?|aliens?|good"
    r"|cute|drugs|songs?|sites?|activity)\b|\b(?:download\w*|stream\w*|torrent\w*|listen\w*|music"
    r"|songs?) (?:\w+ ){0,4}illegally\b"
    r"|\b(?:this|that|it)(?:['’]s| is) (?:just |so |actually |literally |practically |basically |absolutely )?"
    r"(?:criminal|a crime)\b|\b(?:food|tennis|basketball|squash|center|home) court\b|\bin court(?:yard|esy)\b"
    r"|\b(?:extra|hidden|roaming|data|no|bank|card|service|delivery|additional|excess|late|cancel\w*|baggage|bag"
    r"|double"
    r"|monthly|unauthori[sz]ed|phone|overage) (?:\w+ )?charges\b|\b(?:if|unless) (?:\w+ ){0,3}(?:illegal|sued?|sued)\b"
    r"|\b(?:better call saul|law (?:and|&) order|judge judy|devil['’]s advocate)\b|\bjury is (?:still )?out\b"
    r"|\bfraud (?:alert|department|dept"
    r"|protection|prevention|detection|check|issue)\b|\b(?:thanks|thank you|hi|hey|dear|love|aunt|aunty|auntie|agent"
    r"|named) sue\b"
    r"|\bsue (?:was|is|at|in|from|helped|and|heck)\b|\blegal (?:department|name|age|guardian)\b"
    r"|\bnot (?:a|my|your) (?:lawyer|attorney)\b|\b(?:trump|hillary|obama|clinton)\b.{0,20}\b(?:prosecut\w+"
    r"|impeach\w*|jail\w*)\b"
)
_SAFETY_HAN = (
    r"受伤|伤亡|伤者|遇难|死亡|身亡|丧命|致死|致伤|致残|死了人|人命|烧伤|烫伤|灼伤|划伤|摔伤|砸伤|撞伤|咬伤|伤人"
    r"|起火|着火|失火|自燃|爆炸|炸了|炸裂了|冒烟|漏电|触电|电到|中毒|食物中毒|上吐下泻|拉肚子|呕吐|急性肠胃炎|(?:用"
    r"|吃|喝|穿|敷|涂)"
    r".{0,8}过敏|过敏(?:了|反应)|休克|住院|送医|送到?医院|进医院|急诊|抢救|120急救|救护车|晕倒|昏迷|昏厥|流血|出血"
    r"|骨折"
    r"|脑震荡|缝了?[\d一二三四五六七八九十]+针|刹车(?:失灵|失效|没反应|踩不)|制动(?:失灵|失效)|(?:车辆|方向盘?|电梯"
    r"|突然|加速)失控|失控(?:撞|冲)"
    r"|安全(?:隐患|事故|气囊.{0,4}(?:没|未)|问题)|不安全|太危险|很危险|危险驾驶|生命(?:危险|安全)|人身安全|危及|车祸"
    r"|撞(?:人|死|上)"
    r"|殴打|被打|打人|打伤|暴力(?:执法|拖|驱|对待)|强行拖|拖下飞机|窒息|溺水|猝死|坠(?:楼|落|机)|迫降|有毒|致癌"
    r"|甲醛超标|超标.{0,4}甲醛"
    r"|细菌超标|召回"
)
_SAFETY_HAN_TRAPS = (
    r"(?:没有?人?|无人|未有?人?|并未|并没有?|没|未|无|不会|不再|避免|防止|预防|以免"
    r"|零)(?:造成)?(?:任何)?(?:人员)?.{0,3}?(?:受伤|伤亡|死亡"
    r"|遇难|中毒|起火|爆炸|着火|危险|不安全|安全问题|安全隐患|过敏|失控|流血|被打|打人|冒烟|住院)"
    r"|(?:如果|要是|万一|假如|假设|倘若|希望|但愿|别等|等到|难道要|会不会|会|可能会?|要等|怕"
    r"|想让我)[^。！？!?，,；;]{0,12}?(?:受伤|伤亡|死亡|出事|起火|爆炸|中毒|人命|着火|过敏|伤人"
    r"|炸了|住院|危险|打人|拉肚子|有毒)"
    r"|(?:心灵|心里|感情|内心|情感|自尊|钱包|信心|心|幼小的心灵|眼睛)(?:很|好|太|都|又|最|深深|再次|弱小)*(?:受伤"
    r"|在?流血|滴血|出血)|受伤的(?:心|总是|是我|还是)|我的心.{0,4}受伤"
    r"|(?:笑|累|饿|气|热|冷|困|烦|吓|爱|美|帅|好吃|香|甜|撑|渴|急|堵|冻|想|无聊|尴尬)(?:得|到)?(?:死|晕倒|昏迷|喷血"
    r"|吐血|中毒|爆炸|炸了|窒息|住院|进医院|昏厥)"
    r"|(?:信息|心态|知识|人气|颜值|性能|流量|口感|全场|气氛|战斗力|热度|味道|宇宙|少女心|好吃到|好看到|可爱到|美味"
    r"|演技|电量|续航|音质|肺|脑子|脑袋|评论区?|朋友圈|群里|手机信息)(?:都|要|快|直接|简直|气|大)*(?:爆炸|炸了|炸裂了)"
    r"|爆炸(?:性|式|好|头|美|贴|新闻|输出)|大爆炸|火爆|着火(?:辣|爆)|中毒(?:很深|太深|性)|(?:追剧|游戏|音乐|咖啡|网购"
    r"|旋律|安利|洗脑|听|看|已经|深度)(?:到|得|已)?中毒"
    r"|大?出血价|吐血(?:推荐|价|整理)|大出血(?:价|优惠)|召回(?:师|喵|老|旧|队|玩家|活动|好友)|失控(?:的(?:爱|情|价"
    r"|人生))|安全问题(?:请|可以|答案|设置)|密保|安全问题找回"
    r"|有毒(?:吧|啊|的?歌|上头|鸡汤)|这(?:歌|剧|广告|游戏)有毒|你有毒|剧毒|游戏里.{0,6}(?:死亡|受伤|爆炸)|伤人心"
    r"|伤人的话|七窍流血|饿出人命|饿死人命|呕吐物的味道|别打人家|死亡(?:打卡|笔记|凝视|搁浅|芭比|角度|视角|排队)"
    r"|太危险了(?:吧)?(?:钱包|我的钱)|被打(?:脸|动|败|开|包|扰|折|造|上|印|乱|回|卡|击到)"
    r"|打人(?:气|心)|撞(?:上了?好|上了?促销|衫|脸|款|色)|(?:太|很)危险的?(?:钱包|减肥)"
)
_BREACH_HAN = (
    r"(?:信息|隐私|数据|资料|密码|手机号|电话|号码|身份证|地址|订单|照片|账号)(?:都|就|全|又|竟然|居然|被|遭|大规模"
    r"|疑似|可能)*(?:被)?(?:泄露|泄漏|外泄|盗用?|窃取|卖了|倒卖|贩卖|买卖|盗取|曝光|公开了)"
    r"|(?:泄露|泄漏|出卖|倒卖|贩卖|卖掉|窃取|盗取|盗用)(?:了)?(?:我们?的?|用户的?|客户的?|顾客的?|个人的?|大家的?"
    r"|消费者的?|乘客的?|他人的?|公民)*(?:个人)?(?:信息|隐私|数据|资料|密码|手机号|电话|身份证|号码|订单|账号)"
    r"|(?:账号|帐号|账户|帐户|号|会员|密码|银行卡|微信|支付宝|卡)(?:又|都|莫名|居然|竟然|突然|昨天|今天"
    r"|刚刚?)*被(?:人)?(?:盗|黑|异地|别人登|陌生人登|登录|改密|改了密码|盗刷|盗用|入侵)|盗号|被盗刷|盗刷"
    r"|异地登[录陆]|(?:陌生|不明|未知)(?:设备|人)登[录陆]|(?:别人|有人|陌生人|黑客).{0,4}(?:登录?了?我|用我的?(?:账号"
    r"|帐号|号|会员)|黑了|攻击|入侵)|黑客(?:攻击|入侵|盗)|拖库|撞库|数据库(?:被|泄)|内鬼.{0,6}(?:信息|数据)"
)
_BREACH_HAN_TRAPS = (
    r"(?:没有?|未|并未|无|不会|不|从不|绝不|避免|防止|预防|以防|保护|杜绝|防|防范|谨防|小心|当心|注意|严禁)(?:任何"
    r"|用户|客户|个人|您的?|你的?|我的?|大家的?)*(?:信息|隐私|数据|资料|账号|密码|帐号)?(?:被|遭|会)?(?:泄露|泄漏"
    r"|外泄|盗号?|盗刷|盗用|被盗|黑客|窃取)(?:用户|客户|个人|您的?|任何)*(?:信息|隐私|数据|资料)?"
    r"|(?:如果|要是|万一|假如|怕|担心|会不会|小心)[^。！？!?，,；;]{0,12}?(?:泄露|泄漏|被盗|盗号|盗刷|被黑|外泄)"
    r"|(?:剧情|剧透|题目|试题|考题|歌单|新歌|行程|路透|配方|谜底|答案|新品|谍照)(?:被|提前|都)*(?:泄露|泄漏|曝光"
    r"|外泄)|盗号(?:狗|的?游戏)|数据(?:被)?公开透明|电话(?:被)?曝光"
)
_DISCRIMINATION_HAN = (
    r"歧视|种族主义|种族偏见|性别偏见|重男轻女|辱华|地域黑|地图炮|侮辱(?:女性|中国|外地|残疾|农民|黑人|少数民族)"
    r"|物化女性|性骚扰|瞧不起(?:外地|农村|穷|残疾|女|老)"
    r"|(?:因为|就因|只因|看)(?:我|他|她|是|我是|他是|她是|们)*(?:是)?(?:女的?|女性|外地人?|农村|残疾人?|孕妇|老人"
    r"|黑人|中国人|少数民族|河南人?|东北人|坐轮椅).{0,10}(?:拒|不让|不给|不接|赶|区别对待|看不起|不卖|不招|不录)"
    r"|(?:拒绝|不让|赶走|不接待|拒载|刁难)(?:了)?(?:一?[个名位])?(?:坐轮椅|残疾|盲人|导盲犬|聋哑|孕妇)"
)
_DISCRIMINATION_HAN_TRAPS = (
    r"(?:没有?|不是|并非|并不|毫无|无|不|不要|别搞|别有|反对|拒绝|不存在|绝非|反|消除|禁止)(?:任何|在|搞|想|什么"
    r"|带有?|有|种族|性别|年龄|地域|就业|带)*(?:歧视|辱华|地域黑|地图炮|性骚扰)|价格歧视|歧视(?:单身狗|链|路痴|手残"
    r"|颜值)|单身.{0,3}歧视"
    r"|(?:如果|要是|假如)[^。！？!?，,；;]{0,10}?(?:歧视|辱华)"
)
_LEGAL_HAN = (
    r"起诉|诉讼|打官司|吃官司|官司|告上|上诉|法院|法庭|开庭|判决|律师函|(?:找|请|委托|咨询|联系|问了?|我的|代理)律师"
    r"|律师(?:介入|起诉|说|表示|团队)|报警|报了警|报案|立案"
    r"|12315|12345|12305|12318|消协|消费者协会|消保委|市监局?|市场监(?:督|管)|监管(?:部门|机构|局|介入|约谈)"
    r"|工商(?:局|所|部门|投诉|举报|介入|管理)|银保监|证监会|工信部|网信办|交通(?:委|局|运输部)|民航局|食药监|药监局?"
    r"|卫健委|质检(?:局|总局)|物价局|劳动(?:局|监察|仲裁)"
    r"|违法|犯法|非法|违规(?:经营|收费|操作|收集|使用|被)|触犯.{0,4}法|侵权|侵犯.{0,8}权|消费者权益|涉嫌|诈骗|欺诈"
    r"|虚假宣传|假一赔|合同诈骗|罚款(?:\d|[一二三四五六七八九十百千万])|被罚了?(?:款|\d)|处罚|约谈|责令|查处|立案"
    r"|集体诉讼|仲裁|索赔|法律(?:途径|责任|手段|程序|武器|渠道|维权|诉讼)|刑事|刑拘|拘留|逮捕|判刑|坐牢|传票|公诉"
    r"|检察院|315晚会|国家反诈|警方(?:介入|通报|已|立案|调查)|公安(?:介入|机关|局|立案)"
)
_LEGAL_HAN_TRAPS = (
    r"(?:美|帅|可爱|好看|好吃|漂亮|甜|好喝|香|便宜|舒服|颜值)(?:得|到|的|也)?(?:简直)?(?:违法|犯法|犯规|报警|非法"
    r"|起诉)|报警(?:器|声|灯|音|提示|功能|系统|值|电话亭)|(?:胎压|故障|烟雾|低电量?|一直|温度|油箱|发动机|安全带|倒车"
    r"|雷达|系统|自动)(?:的|在|不停|总是?|老是?|乱)?报警"
    r"|(?:不|没|没有|又不|应该不|并不|并未|未|无|没人|难道还|不算|不能算)(?:会|去|想|打算|要|曾|涉及|构成|敢|用|需要"
    r"|存在)*(?:犯法|违法|起诉|报警|诈骗|侵权|涉嫌|非法|打官司|欺诈|虚假宣传|违规)|起诉我(?:啊|呀|吧)|你(?:去"
    r"|来)(?:起诉|告)我|我要报警了(?:哈哈|嘻嘻|[😂🤣😍🥰])|笑到?报警|律政|律师(?:剧|证|考试|楼|资格)"
    r"|(?:防|反|防范|谨防|警惕|小心|识别|预防|打击)(?:电信|网络)*(?:诈骗|欺诈)|法律(?:系|专业|考试|硕士)|判决书?大赛"
    r"|(?:如果|要是)(?:是|这|算|属于)*(?:违法|犯法|侵权)|自由心证|(?:电信|快递)诈骗(?:短信|电话)(?:提醒|科普)"
    r"|开庭(?:剧|戏)|单身犯法|(?:赖床|懒|睡觉|喜欢你|穷|胖)(?:又|也)?(?:不)?犯法"
)
_RULES: Mapping[str, tuple[str, str, str, str]] = {
    "safety": (_SAFETY, _SAFETY_TRAPS, _SAFETY_HAN, _SAFETY_HAN_TRAPS),
    "breach": (_BREACH, _BREACH_TRAPS, _BREACH_HAN, _BREACH_HAN_TRAPS),
    "discrimination": (
        _DISCRIMINATION, _DISCRIMINATION_TRAPS, _DISCRIMINATION_HAN, _DISCRIMINATION_HAN_TRAPS,
    ),
    "legal": (_LEGAL, _LEGAL_TRAPS, _LEGAL_HAN, _LEGAL_HAN_TRAPS),
}  # fmt: skip
_UNREAD = r"https?://\S+|\bpic\.twitter\.com/\S+|[@＠]\w+"
"""Addresses and handles: a name is no word."""
_HAN = r"\p{Han}"


def cues(texts: Sequence[str]) -> pd.DataFrame:
    """bool DataFrame[safety, breach, discrimination, legal], a row per text, in English and Chinese; else all false.

    Patterns run in RE2, in time linear in the text, of which `masking.LIMIT` characters are read.
    """
    import pyarrow.compute as pc

    column = pc.replace_substring_regex(signs.column(texts), _UNREAD, " ")
    han = signs.found(column, _HAN)
    out = {}
    for name, (latin, latin_traps, chinese, chinese_traps) in _RULES.items():
        out[name] = _stands(column, latin, latin_traps, np.ones(len(han), dtype=bool))
        out[name] |= _stands(column, chinese, chinese_traps, han)
    return pd.DataFrame(out, columns=list(CUES))


def _stands(column: Any, pattern: str, traps: str, where: np.ndarray) -> np.ndarray:
    """bool (n,): where `pattern` still stands once `traps` are cut out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = np.flatnonzero(where)
    rows = rows[signs.found(column.take(pa.array(rows)), pattern)]
    cut = pc.replace_substring_regex(column.take(pa.array(rows)), f"(?i:{traps})", " ¦ ")
    out = np.zeros(len(where), dtype=bool)
    out[rows[signs.found(cut, pattern)]] = True
    return out


def for_floors(found: pd.DataFrame, languages: Sequence[str | None]) -> pd.DataFrame:
    """`found` (of `cues`) without what may raise no level in the row's language; same shape and index."""
    spoken = np.array([language if isinstance(language, str) else "" for language in languages], dtype=object)
    may = {cue: np.isin(spoken, [code for code, kept in FLOOR_CUES.items() if cue in kept]) for cue in found.columns}
    return pd.DataFrame({cue: found[cue].to_numpy(dtype=bool) & may[cue] for cue in found.columns}, index=found.index)
