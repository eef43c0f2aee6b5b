"""Words that tell in which sense a name is used: the organisation's, or a club's, a place's, a fruit's, a film's.

A sense is only a rival where it is not the organisation's own: a club's fans talk of matches. `rivals` leaves out the
senses that mentions surely about the organisation are full of.
"""

import re
from collections.abc import Mapping, Sequence

OWN_FROM = 0.05
"""A sense that this share of the sure mentions speaks in is the organisation's own."""
OURS_FROM = 0.3
"""A sense that this share of the sure mentions speaks in is a sign of the organisation: matches, of a club."""
LIFT = 3.0
"""A rival sense is this many times as frequent where the name is bare as where the organisation is surely meant."""


def _words(english: str, chinese: str = "") -> re.Pattern[str]:
    forms = "|".join(english.split("|"))
    return re.compile(rf"\b(?:{forms})\b" + (f"|{chinese}" if chinese else ""), re.IGNORECASE)


RIVALS: Mapping[str, re.Pattern[str]] = {
    "sport": _words(
        r"premier league|champions league|europa league|la liga|serie a|bundesliga|league table|leagues?|fixtures?"
        r"|kick-?off|midfield(?:er)?s?"
        r"|strikers?|goalkeepers?|goalie|defenders?|winger|full-?back|hat-?trick|penalt(?:y|ies)|offside|half-?time"
        r"|full-?time|extra time|matchday"
        r"|derby|relegat(?:ed|ion)|promotion race|transfer (?:window|fee|target)s?|squad|starting (?:xi|lineup)"
        r"|line-?ups?|fc|afc|uefa|fifa|fa cup|cup final"
        r"|semi-?finals?|playoffs?|quarterbacks?|touchdowns?|innings|wickets?|home game|away game|away win|home win"
        r"|nil|scored|scores|\d ?[-–:] ?\d (?:win|loss|draw|defeat|victory|up|down)"
        r"|football club|soccer|rugby|nba|nfl|mlb|nhl|mls|goals?|\d-\d|fans?"
        r"|chant\w*|stadium|coach|head coach|footballers?"
        r"|beat \w+ \d-\d",
        "足球|球队|球迷|球员|主场|客场|联赛|欧冠|英超|西甲|德甲|意甲|中超|世界杯|进球|射门|门将|前锋|后卫|中场|教练"
        "|主帅|比分|夺冠|转会|赛季|篮球|决赛|比赛",
    ),
    "places": _words(
        r"rivers?|lakes?|mountains?|valley|islands?|rainforest|jungle|wetlands?|tributar(?:y|ies)|basin|waterfalls?"
        r"|estuary|flood ?plain|delta region|river delta|county"
        r"|province|villages?|hik(?:e|ed|ing)|kayak\w*|canoe\w*|fishing|sunset over|coastline|peninsula|national park"
        r"|deforestation|downstream|upstream|river ?banks?",
        "河流|江边|河边|湖边|湖水|山区|山谷|岛屿|村庄|县城|流域|瀑布|徒步|爬山|去爬|登山|山顶|古迹|旅游|雨林|湿地|上游|下游|三角洲|游玩|景区"
        "|风景",
    ),
    "nature": _words(
        r"fruits?|pies?|juice|orchards?|recipes?|baked?|baking|ripe|peel(?:ed)?|jam|salad|smoothies?|blossoms?"
        r"|harvest(?:ed|ing)?|gardens?|planted|vitamin|cinnamon"
        r"|trees?|leaves|petals|seeds?|soil|squeezed|cider|caramel|sauce|soup|berry|berries|gin|cocktails?|bush"
        r"|woodland|forest|tea bags?|bird ?song|feathers|beach ?combing|seashells?|sea ?shore|tortoise|turtles?"
        r"|species|wildlife",
        "水果|果园|果树|果汁|好吃|好喝|养胃|煮饭|做饭|香甜|脆甜|剥皮|榨汁|熬粥|煮粥|红烧|蒸|炖|菜谱|食谱|种植|采摘|丰收|开花|花园|花期"
        "|维生素|野生|植物|动物|一斤|两斤|几斤|斤",
    ),
    "arts": _words(
        r"albums?|songs?|lyrics|singles? chart|movies?|films?|trailer|episodes?|season finale|sequel|novels?"
        r"|chapters?|soundtrack|concert|setlist|band|guitar(?:ist)?"
        r"|vocals?|singers?|actors?|actress|cast as|starring|box office|sitcom|cartoon|anime|manga|paperback|poems?"
        r"|poetry|gig",
        "专辑|歌词|歌手|电影|影片|剧集|预告片|主演|演员|导演|小说|章节|演唱会|乐队|动漫|漫画|诗|票房|综艺|角色",
    ),
    "state": _words(
        r"republic|parliament|embassy|ambassador|foreign minister|prime minister|king of|queen of|border|army|troops"
        r"|ceasefire|airstrikes?|treaty|sanctions|united nations|refugees?"
        r"|allies|enem(?:y|ies)|soldiers|troop|wartime|war|veterans|liberation|independence day|powers|kingdom"
        r"|capital city|monarchy|civil war|geopolitic\w*|diplomat\w*",
        "共和国|大使馆|外交部|总理|国王|边境|军队|停火|空袭|条约|制裁|难民|独立日|首都|内战",
    ),
    "people": _words(
        r"born|baby|toddler|birthday|named after|is named|middle name|married|wedding|funeral|obituary|rip|r\.i\.p\.?"
        r"|passed away|my (?:son|daughter|brother|sister|cousin|nephew|niece|dog|cat|uncle|aunt|girlfriend|boyfriend)"
        r"|his (?:wife|mum|mom|dad)|her (?:husband|mum|mom|dad)|professor|elected|senator|mayor|baptised|newborn"
        r"|puppy|kitten",
        "生日|结婚|婚礼|葬礼|去世|出生|我(?:儿子|女儿|弟弟|妹妹|哥哥|姐姐)|教授|当选|小狗|小猫|猫咪|狗狗",
    ),
}
ORGANISATION = _words(
    r"customer (?:service|care|support|relations)|customers?|refund\w*|compensat\w*|complain\w*|deliver(?:y|ies|ed)"
    r"|parcels?|packages?|shipments?|the app|app|website|log ?in|password|account|accounts"
    r"|subscription\w*|staff|employees?|workers|crew|managers?|management|ceo|cfo|executives?|company|companies"
    r"|corporate|corporation|brand|brands|stores?|branch(?:es)?|shop"
    r"|shares|stocks?|investors?|shareholders?|market cap|earnings|revenue|lawsuit|sue[ds]?|suing|boycott\w*"
    r"|statement|apolog\w+|policy|policies|pr (?:team|disaster|nightmare|crisis)|public relations"
    r"|airlines?|airways|flights?|flying|flew|fly|plane|planes|airport|passengers?|boarding|gate agents?|overbook\w*"
    r"|luggage|baggage|hotels?|bank|banking|card|cards|credit card|atm"
    r"|phones?|network|wifi|wi-fi|internet|broadband|signal|outage|drivers?|rides?|restaurants?|menu|products?"
    r"|warranty|prices?|pricing|fees?|charged|overcharged|bill|billing|invoice|cancel\w*|booking|booked|bookings"
    r"|reservations?|hotline|call cent(?:er|re)|helpline|service|services|contract|recall\w*|data breach|checkout"
    r"|orders?|ordered|advert\w*|commercial|hiring|layoffs?|jobs|job cuts|strikes?|union|bosses|boss|regulators?"
    r"|watchdog|ombudsman|ministry of labou?r|labou?r ministry|investigat\w+|probe|fined|fines|owes? me"
    r"|pay(?:ing)? for|paid for|switch(?:ed|ing)? (?:from|to)|cheap(?:er)?|expensive|delay\w*",
    "客服|退款|退货|投诉|订单|快递|门店|店员|员工|公司|集团|总裁|董事长|官方|官微|品牌|产品|质量|售后|会员|账号|账户"
    "|道歉|声明|股价|股票|股份|航班|机票|机长|空姐|登机|手机|电脑|系统|消费者|用户|顾客|乘客"
    "|维权|召回|发货|下单|优惠券|门票|酒店|银行|信用卡|司机|打车|骑行|押金|押着|退押|单车|充值|扣费|扣款|收费|涨价"
    "|降价|价格|卸载|换别家|发票|开票|监管|约谈|罚款|处罚|举报|差评|好评|赔偿|赔付|工资|员工|服务|热线|投诉电话|店铺"
    "|旗舰店|专卖店|代言|广告|裁员|泄露|故障|崩了|闪退|更新|上市|发布会|新品|(?<![A-Za-z])app(?![A-Za-z])|外卖|餐厅"
    "|食品安全|奶茶",
)


def rivals(sure: Sequence[str], bare: Sequence[str]) -> dict[str, re.Pattern[str]]:
    """The senses that are not the organisation's own: all, where no mention is surely about it.

    People who ride a firm's bicycles speak of stadiums and gardens in every mention: a sense is a rival only where
    `bare` mentions, which give no more than the name, speak in it `LIFT` times as often as `sure` ones.
    """
    if not sure:
        return dict(RIVALS)
    shares = {sense: (_share(words, sure), _share(words, bare)) for sense, words in RIVALS.items()}
    return {
        sense: RIVALS[sense]
        for sense, (own, other) in shares.items()
        if own < OWN_FROM and other >= LIFT * (own + 1 / len(sure))
    }


def ours(sure: Sequence[str]) -> list[re.Pattern[str]]:
    """What tells that the organisation is meant: words of organisations, and the senses `sure` mentions are full of."""
    own = [words for words in RIVALS.values() if sure and _share(words, sure) >= OURS_FROM]
    return [ORGANISATION, *own]


def _share(words: re.Pattern[str], texts: Sequence[str]) -> float:
    return sum(words.search(text) is not None for text in texts) / max(1, len(texts))


def cues(text: str, senses: Mapping[str, re.Pattern[str]]) -> int:
    """How many different words of one sense stand in `text`: the most that any of `senses` has, at most 2."""
    most = 0
    for words in senses.values():
        found = {hit[0].casefold() for hit in words.finditer(text)}
        most = max(most, len(found))
    return min(most, 2)
