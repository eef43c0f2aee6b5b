"""What the replies of `boilerplate.py` are written from: stock sentences, and rules for replies of one's own."""

import re

ENDS = {"en": re.compile(r"(?<=[.!?]) "), "zh": re.compile(r"(?<=[。！？])(?=.)")}
EMOJI = ("🙂", "🙏", "💙", "✨", "😊", "👍")
FILLERS = {
    "en": (
        "please", "just", "really", "also", "kindly", "again", "now", "so", "very", "still",
    ),
    "zh": (
        "也", "再", "先", "就", "还", "都", "哦", "呢", "啦", "了",
    ),
}  # fmt: skip
CALLS = {
    "en": (
        "Hi {name}! …", "Hello {name}, …", "{name}, …", "Hey {name}. …",
    ),
    "zh": (
        "{surname}女士，…", "{surname}先生您好，…",
    ),
}  # fmt: skip
SIGNED = {
    "en": (
        "^{initials}", "/{initials}", "- {name}", "-{initials}",
    ),
    "zh": (
        "——{agent}", "（{agent}）", "客服{agent}",
    ),
}  # fmt: skip
_NAMES = (
    "Ann", "Tom", "Mia", "Leo", "Ada", "Ben", "Zoe", "Max", "Ivy", "Sam", "Eva", "Kai", "Joy", "Ned", "Una", "Roy",
    "Amy", "Jon", "Liz", "Abe", "Dana", "Hugo", "Nina", "Otto", "Rosa", "Theo", "Vera", "Walt", "Yara", "Finn",
    "Gwen", "Hana", "Iris", "Jack", "Kate", "Lena", "Marc", "Nora", "Owen", "Paul",
)  # fmt: skip
_PLACES = (
    "Ashford", "Brookham", "Calder", "Dunmore", "Eastwick", "Fairleigh", "Glenmore", "Hartwell", "Inverby", "Kelston",
    "Larkfield", "Marlow", "Northgate", "Oakridge", "Penrose", "Quayside", "Redmire", "Stanwick", "Thornby",
    "Upminster", "Varley", "Westbrook", "Yarrow", "Zealand", "Birchley", "Cromford", "Dalewood", "Elmstead",
    "Foxhall", "Greystone",
)  # fmt: skip
_SURNAMES = (
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗",
)  # fmt: skip
_AGENTS = (
    "小林", "小何", "小周", "小杨", "阿梅", "老郑", "小唐", "小白",
)  # fmt: skip
_PLACES_ZH = (
    "青石桥", "东岭", "南湖", "柳林", "云河", "海棠湾", "新塘", "石榴园", "望江", "长宁里", "北仓", "金沙渡",
    "白鹭洲", "松园", "凤鸣", "临水", "古渡", "梧桐里", "西塘", "龙泉",
)  # fmt: skip
OPEN: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "name": _NAMES,
        "place": _PLACES,
        "initials": (
            "AN", "AP", "AR", "AS", "AT", "AV", "AW", "BN", "BP", "BR", "BS", "BT", "BV", "BW", "CN", "CP", "CR",
            "CS", "CT", "CV", "CW", "DN", "DP", "DR", "DS", "DT", "DV", "DW", "EN", "EP", "ER", "ES", "ET", "EV",
            "EW", "FN", "FP", "FR", "FS", "FT", "FV", "FW", "GN", "GP", "GR", "GS", "GT", "GV", "GW", "HN", "HP",
            "HR", "HS", "HT", "HV", "HW", "JN", "JP", "JR", "JS", "JT", "JV", "JW", "KN", "KP", "KR", "KS", "KT",
            "KV", "KW", "LN", "LP", "LR", "LS", "LT", "LV", "LW", "MN", "MP", "MR", "MS", "MT", "MV", "MW",
        ),
        "amount": (
            "${5-400}", "{5-400} dollars", "€{5-99}.{10-99}",
        ),
        "code": (
            "AX{1000-9999}", "{100000-999999}", "case {10-99}-{100-999}",
        ),
        "day": (
            "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "tomorrow", "tonight",
        ),
        "hour": (
            "{1-11}:{10-59}", "{1-11} pm", "noon",
        ),
        "item": (
            "order", "booking", "parcel", "ticket", "account", "contract",
        ),
    },
    "zh": {
        "surname": _SURNAMES,
        "agent": _AGENTS,
        "place": _PLACES_ZH,
        "amount": (
            "{5-400}元", "{5-99}.{10-99}元",
        ),
        "code": (
            "AX{1000-9999}", "{100000-999999}",
        ),
        "day": (
            "今天", "明天", "周一", "周三", "周五", "下周",
        ),
        "hour": (
            "{1-11}:{10-59}", "{8-20}点",
        ),
        "item": (
            "订单", "包裹", "账户", "合同", "机票", "预约",
        ),
    },
}  # fmt: skip
OWN: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "name": _NAMES,
        "place": _PLACES,
        "says": (
            "the {look} {thing} you {saw} {near} {place} {is} what {who} {warned} us of {when}.",
            "{who} {told} me that your {thing} {broke} {near} {place}, and {feel}.",
            "a {look} {thing} {when} is {feel}, more so with {with}.",
            "you wrote that the {thing} {broke} and nobody {told} you why, {feel}.",
            "I read all of it: the {thing}, the {look} {thing2} and {with}.",
            "{feel}, a {thing} should never be {look} {near} {place}.",
            "so the {thing2} {broke} {when} and then the {thing} was {look} too, {feel}!",
            "that {look} {thing} of yours comes from {place}, as {who} {told} me {when}.",
        ),
        "did": (
            "{who} went to {place} {when} and {mended} the {thing2}.",
            "I {mended} the {thing} by hand and {told} {who}.",
            "{when} we {mended} both the {thing} and the {thing2}.",
            "I had {who} look at the {thing2}, it was {look} because somebody {broke2} it.",
            "we found your {thing2} {near} {place}, a bit {look} but whole.",
            "the {look} part came off and {who} {mended} what was left of the {thing}.",
            "as you asked, {who} {told} the driver about {with}.",
            "I rang {place} {when}: they {mended} your {thing} at once.",
        ),
        "will": (
            "{who} brings a new {thing} to {place} {soon}, {look} or not.",
            "{soon} I check if the {thing2} is still {look}.", "keep the {thing}, the {thing2} is on me.",
            "if it is {look} again {soon}, ask for {who} at {place}.",
            "bring {with} along {soon}, {who} waits {near} {place}.", "we swap your {thing2} for a {thing} {soon}.",
            "{who} rings you {soon} about {with}.", "you get the {thing} back {soon}, not so {look} any more I hope.",
        ),
        "look": (
            "leaking", "scratched", "wobbly", "mouldy", "frozen", "cracked", "noisy", "sticky", "burnt", "squeaky",
            "blurry", "dented", "soaked", "crooked", "silent", "rusty", "faded", "torn", "greasy", "wrong",
        ),
        "thing": (
            "suitcase", "kettle", "router", "saddle", "charger", "mattress", "blender", "stroller", "wardrobe",
            "projector", "helmet", "carpet", "toaster", "fridge", "guitar", "lamp", "tent", "scooter", "boiler",
            "window",
        ),
        "thing2": (
            "handle", "lid", "cable", "pedal", "battery", "zip", "blade", "wheel", "hinge", "lens", "strap", "filter",
            "plug", "drawer", "string", "switch", "pole", "brake", "valve", "curtain",
        ),
        "saw": (
            "found", "photographed", "rode", "unpacked", "rented", "sent back", "plugged in", "carried home",
        ),
        "near": (
            "near", "behind", "outside", "on the way to", "half a mile from", "at the corner of",
        ),
        "is": (
            "is", "may be", "looks like", "was", "turns out to be",
        ),
        "who": (
            "{name} from the workshop", "our driver {name}", "the night shift", "{name} in {place}",
            "my colleague {name}", "the caretaker", "the pilot", "a mechanic called {name}", "your neighbour",
            "the warehouse",
        ),
        "warned": (
            "warned", "reminded", "told", "complained to", "wrote to",
        ),
        "told": (
            "told", "assured", "promised", "admitted to", "wrote to", "explained to",
        ),
        "when": (
            "last night", "in the rain", "on Sunday", "before lunch", "during the storm", "two weeks ago",
            "this very morning", "while we spoke",
        ),
        "soon": (
            "after lunch", "before the weekend", "in an hour", "when the snow is gone", "on your birthday",
            "by the end of May", "once it has dried", "at eight sharp",
        ),
        "broke": (
            "gave up", "fell apart", "caught fire", "was left behind", "stopped turning", "never came",
            "smelled of petrol", "lost its paint",
        ),
        "broke2": (
            "bent", "painted", "swapped", "dropped", "overheated", "sawed through",
        ),
        "mended": (
            "mended", "collected", "replaced", "weighed", "cleaned", "glued", "photographed", "wrapped",
        ),
        "feel": (
            "which is on us", "no wonder you are cross", "that hurts to read", "and I would be furious",
            "we got that badly wrong", "which nobody deserves",
        ),
        "with": (
            "a baby in the back", "exams the next day", "your mother's recipe", "three dogs on board",
            "the wedding so near", "a broken arm", "guests at the door", "half the choir waiting",
        ),
    },
    "zh": {
        "surname": _SURNAMES,
        "place": _PLACES_ZH,
        "agent": _AGENTS,
        "says": (
            "您{when}在{place}{saw}的那个{look}{thing}，{who}也跟我提过，{feel}。",
            "{who}告诉我，{thing}{broke}了，还{with}，{feel}。", "{look}的{thing}配上{broke}的{thing2}，{feel}。",
            "看了您写的：{thing}{broke}、{thing2}{look}，{with}。", "{with}还碰上{thing}{broke}，{feel}。",
            "{place}那家的{thing2}{when}就{look}了，怪不得{thing}{broke}。",
        ),
        "did": (
            "{who}{when}跑了一趟{place}，把{thing2}{mended}了。", "{thing}我亲手{mended}了，{thing2}交给了{who}。",
            "原来是有人把{thing2}{broke2}了，{thing}才会{look}。",
            "我请{who}看过，{thing2}确实{look}，当场{mended}。", "您的{thing2}在{place}找到了，有点{look}。",
            "照您说的，{who}把{thing}和{thing2}都{mended}了。",
        ),
        "will": (
            "{soon}{who}带新的{thing}去{place}等您。", "{soon}我再看看{thing2}还{look}不{look}。",
            "{thing}您留着，{thing2}算我的。", "要是{soon}又{look}了，到{place}找{who}。",
            "{thing2}{soon}换成{thing}给您，{who}会送。", "{who}{soon}跟您说{with}的事怎么办。",
        ),
        "look": (
            "漏水", "掉漆", "发霉", "冻住", "开裂", "吵人", "发粘", "烧焦", "吱吱响", "模糊", "凹陷", "湿透", "歪斜",
            "不响", "生锈", "褪色",
        ),
        "thing": (
            "行李箱", "电水壶", "路由器", "车座", "充电器", "床垫", "榨汁机", "婴儿车", "衣柜", "投影仪", "头盔",
            "地毯", "烤箱", "冰箱", "吉他", "台灯", "帐篷", "滑板车",
        ),
        "thing2": (
            "把手", "盖子", "线缆", "踏板", "电池", "拉链", "刀片", "轮子", "合页", "镜头", "背带", "滤芯", "插头",
            "抽屉", "琴弦", "开关",
        ),
        "saw": (
            "拍到", "骑到", "拆开", "租来", "退回", "插上", "扛回家", "捡到",
        ),
        "who": (
            "{agent}师傅", "夜班同事", "{place}的店长", "开车的{agent}", "看门大爷", "仓库", "您邻居", "机长",
            "修车的老{surname}", "前台{agent}",
        ),
        "when": (
            "昨晚", "下雨时", "周日", "午饭前", "台风天", "两周前", "今早", "通话时",
        ),
        "soon": (
            "午饭后", "周末之前", "一小时内", "雪化了以后", "您生日那天", "五月底", "等它干了", "八点整",
        ),
        "broke": (
            "罢工", "散架", "着火", "落下", "不转", "没到", "一股汽油味", "掉色",
        ),
        "broke2": (
            "掰弯", "刷漆", "调包", "摔过", "烧坏", "锯断",
        ),
        "mended": (
            "修好", "收走", "换新", "称重", "擦净", "粘牢", "拍照", "包好",
        ),
        "feel": (
            "这事怪我们", "难怪您上火", "读着都心疼", "换我早急了", "我们错得离谱", "谁也不该遇上",
        ),
        "with": (
            "后座带着娃", "第二天还考试", "家传菜谱也毁了", "三条狗在车上", "婚礼就在眼前", "胳膊还打着石膏",
            "客人到门口了", "半个合唱团在等",
        ),
    },
}  # fmt: skip
SENTENCES: dict[str, tuple[tuple[str, ...], ...]] = {
    "en": (
        (
            "Thank you for reaching out to us about your {item}.",
            "We are sorry for any inconvenience this may have caused.", "Thanks for bringing this to our attention.",
            "We appreciate your patience while our teams work on this.",
            "We understand how frustrating delays can be.", "We apologise for the experience you have had with us.",
            "Your feedback is important to us and has been noted.", "We have received your message regarding {code}.",
            "Thanks for getting in touch, and sorry to hear about the trouble.",
        ),
        (
            "Our specialists in {place} are currently looking into the matter.",
            "We have passed your comments on to the department responsible.",
            "Due to a high volume of enquiries our answers take longer than usual.",
            "The safety of our customers is always our first priority.",
            "All of our products are inspected regularly and meet every standard.",
            "Credits of {amount} are paid back to the original method of payment.",
            "Services from {place} will be back to normal by {hour} on {day}.",
            "This is a known issue and a fix is planned for {day}.",
        ),
        (
            "Please send us a direct message with your {item} number so we can check.",
            "Please complete the form in our help centre and an agent will be in touch.",
            "You can follow every update on our status page.",
            "Kindly call our hotline, which is open until {hour} every day.",
            "Please have a look at our frequently asked questions for more details.",
            "We will come back to you as soon as we know more.",
            "Could you share your account e-mail with us in private?",
            "Is there anything else that we can do for you today?",
            "We thank you for your understanding and hope to see you again soon.",
            "Please quote {code} whenever you write to us.",
        ),
    ),
    "zh": (
        (
            "您好，感谢您对我们的关注与支持。", "非常抱歉给您带来了不好的体验。", "您反馈的{item}问题我们已经收到。",
            "对于此次给您造成的不便我们深表歉意。", "感谢您提出的宝贵意见和建议。", "您好，您的心情我们非常理解。",
            "感谢您的耐心等待与包容。", "您好，关于编号{code}的反馈已登记。",
        ),
        (
            "相关部门正在对{place}的情况进行核实处理。", "由于近期咨询量较大回复可能会有延迟。",
            "保障客户安全始终是我们工作的首要任务。", "我司所有产品均通过检测并符合国家相关标准。",
            "退款{amount}将原路退回到您的支付账户。", "{place}的服务预计{day}{hour}恢复正常。",
            "该问题已列入本周的修复计划当中。",
        ),
        (
            "请您私信提供{item}号码以便我们进一步核实。", "请在帮助中心填写表单会有专员与您联系。",
            "最新进展请您关注官方公告和服务通知。", "您也可以在{hour}之前拨打客服热线咨询。",
            "如有进展我们会第一时间向您反馈。", "更多详情请您查看常见问题说明页面。",
            "感谢您的理解期待再次为您服务。", "请问还有其他可以帮到您的地方吗？",
        ),
    ),
}  # fmt: skip
