"""What the organisation writes: answers made for one customer, the templates it repeats, and its public statements.

An answer is made of parts, each true of the answer it stands in: whether it says sorry, offers a way out, or sends the
customer elsewhere. `{topic}` is what the customer wrote about.
"""

TOPIC: dict[str, dict[str, str]] = {
    "en": {
        "unlock": "the unlocking trouble", "double_charge": "the double charge",
        "ride_not_ending": "the ride that would not end",
        "support_silent": "the wait", "brakes": "the brakes on that bike", "statement": "how our statement reads",
        "refund": "your refund",
        "staff": "the way you were spoken to", "report_form": "the crash of the report page",
        "removal": "the bike still standing there",
        "price": "the new price", "cancel": "the renewal", "parking_fee": "the parking fee",
        "bike_state": "the state of that bike",
        "no_bikes": "the empty rack", "question": "your question", "praise": "your ride",
    },
    "zh": {
        "unlock": "开锁失败", "double_charge": "重复扣款", "ride_not_ending": "行程无法结束",
        "support_silent": "让您久等", "brakes": "车辆刹车",
        "statement": "声明的表述", "refund": "退款", "staff": "服务态度", "report_form": "上报页面闪退",
        "removal": "坏车未收走", "price": "价格调整",
        "cancel": "自动续费", "parking_fee": "停车费", "bike_state": "车况", "no_bikes": "附近没车",
        "question": "您的问题", "praise": "您的骑行",
    },
}  # fmt: skip

SORRY = {
    "en": (
        "{we're|I'm} {so |really |very |}sorry about {topic}{| at {place}| today}.",
        "apologies for {topic}, that {isn't|is not} {ok|how it should be}.",
        "sorry {you had to go through this|this happened to you}, {topic} is on us.", "we apologise for {topic}.",
        "that's our mistake and I'm sorry.",
    ),
    "zh": (
        "{非常|真的|十分|}抱歉，{topic}{给您添麻烦了|是我们没做好|让您受累了}。", "对不起，{topic}是我们的责任。",
        "关于{topic}，向您道歉。", "实在不好意思，{topic}我们认。",
    ),
}  # fmt: skip
PLAIN = {
    "en": (
        "thanks for telling us about {topic}.", "got it, {topic}{| at {place}}.",
        "{I can see|we see|I've read} what you wrote about {topic}.", "hi, about {topic}:",
        "{noted|understood}, {topic}.", "thank you for the {details|message}.",
    ),
    "zh": ("收到您关于{topic}的反馈。", "{您好|哈喽}，看到您说的{topic}了。", "感谢告知{topic}。", "了解，{topic}。",
        "关于{topic}，跟您说一下："),
}  # fmt: skip
HELLO = {
    "en": ("hi!", "hello, thanks for writing.", "hi there,", "thanks for asking!", "good to hear from you."),
    "zh": ("您好！", "哈喽～", "感谢留言。", "您好，"),
}
SOLVE = {
    "en": {
        "unlock": (
            "unlocking {is back|works again} at {place}, please try {once more|again} and we add {10-40} free minutes.",
            "restart the app once and scan again, {the lock service came back at {time}|it should open now}.",
            "I've reset your account from here, {your next ride is free|please scan again in {2-6} minutes}.",
        ),
        "double_charge": (
            "I've {sent back|refunded} the second {amount}, it shows within {1-3} days.",
            "the extra {amount} is on its way back to your card, reference {ticket}.",
            "only one of the two stays, the other is {cancelled|reversed} {today|as of {time}}.",
        ),
        "ride_not_ending": (
            "I closed your ride at {time} and {took off|refunded} the {amount}.",
            "ride ended by hand, you pay {5-20} minutes and not more.",
            "your trip is closed and the deposit is free again.",
        ),
        "support_silent": ("I've taken ticket {ticket} myself and will answer by {time}.",
            "{name} from our team calls you {today|before {time}}.",
            "your ticket {ticket} is open again and with me."),
        "brakes": ("bike {bikeno} is locked from here and our van picks it up {today|by {time}}.",
            "we cover the {clinic|hospital} bill, {name} calls you {today|before {time}}.",
            "all bikes at {place} are being checked {tonight|today}, yours first."),
        "refund": ("your {amount} is {approved|released} and lands by {day}.",
            "I overruled the rejection, the pass is refunded in full, reference {ticket}.",
            "the deposit goes back today, no form needed."),
        "staff": ("I listened to the call, {name}'s lead speaks with the agent {today|on {day}}.",
            "that's not how we want to speak to anybody, I've passed it to the head of the hotline and she'll write "
            "to you by {day}."),
        "report_form": ("a fix is in {version}, until then send me the bike number here and I file it.",
            "smaller photos go through, or just the bike number here and I'll do the rest."),
        "removal": ("the van is on its way to {place}, there before {time}.",
            "the bike is locked from here since {time} and collected {today|tonight}."),
        "statement": ("the full inspection records go online on {day}.",
            "we've corrected the statement, the new one names what went wrong."),
        "price": ("your old price stays until {month}.", "students keep {amount}, the form is in the pass menu."),
        "cancel": ("I've switched the renewal off for you, nothing is charged on the {1-28}th.",
            "renewal is off and the {amount} goes back."),
        "parking_fee": ("I looked at your photo and took the {amount} fee off.",
            "the zone at {place} is back on the map and the fee is cancelled."),
        "bike_state": ("bike {bikeno} is out of service now and {20-60} free minutes are in your wallet.",
            "our mechanic is at {place} {today|tomorrow} before {time}."),
        "no_bikes": ("{6-25} bikes arrive at {place} before {time} tomorrow.",
            "we've moved {place} up on the morning round."),
        "question": ("yes, {until {11-12}pm|also at {place}|from {14-16} years}, details under Help > Rides.",
            "no, one account per person, but a day pass is {amount}.",
            "the closest rack is {place}, {80-400} metres away.",
            "the item is at our service point at {place}, open till {time}."),
        "praise": ("enjoy the next one!", "you made {name}'s day at the depot.", "see you at {place}!"),
    },
    "zh": {
        "unlock": ("开锁{time}已恢复，您再扫一次，送您{10-40}分钟免费骑行。", "麻烦重启APP再扫，{place}已经正常。",
            "已为您重置账户，下一单免费。"),
        "double_charge": ("多扣的{amount}已退，{1-3}天内到账。", "第二笔{amount}已撤销，单号{ticket}。",
            "核实是重复扣款，{amount}原路退回。"),
        "ride_not_ending": ("已帮您手动结束行程，多计的{amount}退回。", "行程{time}已关闭，押金解冻了。"),
        "support_silent": ("工单{ticket}我来跟，{time}前回您。", "{name}{今天|一会儿}给您打电话。"),
        "brakes": ("{bikeno}已远程锁车，今天收走检修。", "医药费我们承担，{name}今天联系您。",
            "{place}的车今晚全部复检。"),
        "refund": ("您的{amount}已批，{day}前到账。", "驳回是误判，全额退，单号{ticket}。"),
        "staff": ("录音我听了，{day}前主管给您回话。", "已转热线负责人，她会亲自向您致歉。"),
        "report_form": ("{version}会修复，您先把车号发我，我来登记。", "照片压小一点能传，或者直接发车号。"),
        "removal": ("收车的在路上，{time}前到{place}。", "那辆车已远程锁死，今天拉走。"),
        "statement": ("检修记录{day}公开。", "声明已更正，写明了问题在哪。"),
        "price": ("您的老价格保留到明年{2-6}月。", "学生价还是{amount}，在月卡页面申请。"),
        "cancel": ("已帮您关闭续费，{1-28}号不会扣。", "续费关了，{amount}退回。"),
        "parking_fee": ("看了照片，{amount}已免。", "{place}停车点已恢复，费用退回。"),
        "bike_state": ("{bikeno}已下线维修，送您{20-60}分钟。", "师傅{time}前到{place}。"),
        "no_bikes": ("明早{time}前给{place}调{6-25}辆。", "{place}已加入早高峰调度。"),
        "question": ("可以的，{place}也有，详见帮助页。", "不可以哦，一人一号，日卡{amount}。",
            "最近的停车点在{place}，{80-400}米。", "东西在{place}服务点，{time}前可取。"),
        "praise": ("谢谢，祝您骑得开心！", "{name}看到要乐坏了。", "{place}见！"),
    },
}  # fmt: skip
REDIRECT = {
    "en": (
        "please {dm|message|send} us {your phone number|the bike number|your ticket number} so we can {check|look}.",
        "could you {dm us|write us a private message} with the {ride time|receipt}?",
        "drop us a DM, {name} is {on it|watching the inbox}.", "please fill in the form at larkwheel.example/help.",
        "best to call 0800 555 0{100-199}, we're there till 10 pm.",
    ),
    "zh": ("麻烦私信{手机号|车号|单号}，我们{查一下|核实}。", "请私信我们{骑行时间|扣款截图}。",
        "您私信一下，{name}在看。", "请到 larkwheel.example/help 填表。",
        "可拨打热线 0800 555 0{100-199}，服务到晚上10点。"),
}  # fmt: skip
HOLD = {
    "en": (
        "we're looking into it.",
        "our team has it now.",
        "I'll come back to you{| by {time}}.",
        "we'll keep you posted {here|on this}.",
    ),
    "zh": ("我们在核实。", "已转同事处理。", "{time}前回复您。", "有进展会在这里说。"),
}
REMARK = {
    "en": (
        "{yours|this one} {lay|was} {on top of the pile|between two jokes|under a coffee cup} "
        "{when I came in|just now}.",
        "I was at {place} myself {this morning|last night|yesterday} and saw {the queue|the rack|people waiting}.",
        "the log of {that bike|bike {bikeno}} {says|shows} the very same.",
        "{two|three|several|a few} others wrote from {place} within the hour.",
        "{name} from the {early|late|night} shift told me about it {at breakfast|over the radio|when I came in}.",
        "the ride time you gave {spared me a search|was a great help|matches our records}.",
        "I {ride|walk|know} that {stretch|corner|route} {every day|most mornings|well}.",
        "there's a {red|new} pin on {place} on the {crew's|big|office} map.",
        "our dashboard {missed it|still showed green|lagged by {10-40} minutes}.",
        "it's the {third|fourth|second} one of the kind on my screen {today|since lunch|this shift}.",
        "your post {hangs over the desk now|went round the morning meeting|was read out in the depot}.",
        "{the|our} {depot|garage|night crew} {knows|has heard|was told} {already|as well|by phone}.",
        "{place} was {not on our list|new to us|the odd one out} until you wrote.",
        "no script here, this is {name} typing.",
        "you describe it better than {our own notes|the ticket system|the alarm} did.",
        "{odd|strange|curious}: the sensor at {place} {said nothing|slept through it|was silent all night}.",
        "{half|most} of {my team|the desk} uses {the same rack|that station|{place}}.",
        "{the app|our site|the status page} {ought to|should} have said so {hours ago|by itself|in red}.",
        "I've taken the number {down|over} by hand, {old school|pen and paper|so nothing gets lost}.",
        "a {mechanic|driver|colleague of mine} {passed|cycled by|stood at} {place} "
        "{yesterday|the day before|twice} and saw nothing.",
        "my {first|last|busiest} case {of the day|tonight|before the break}, and the clearest.",
        "the {weather|roadworks|market day} at {place} {did not cause this|is another story|is no excuse}.",
        "{yours is|that's} a fair point, and {shorter|clearer|politer} than {mine would be|most|our form}.",
        "{name} {bets|says|swears} it was fine {on {day}|yesterday|an hour before}.",
        "in {our|the} {sheet|book|records} it stands as {done|closed|checked}, which it plainly isn't.",
        "{I'm new here|second week for me|ten years on this desk}, so {I looked twice|I asked {name}|bear with me}.",
    ),
    "zh": (
        "您写的{我从头到尾|这段我}看了{两|三}遍。",
        "{今早|昨晚|昨天}我也在{place}，{排队的人|那排车|大家在等}都看到了。",
        "后台{那辆车|{bikeno}}的记录跟您说的{一模一样|对得上|完全一致}。",
        "{place}那边一小时内还有{两|三|四|好几}位也这么说。",
        "{name}{早班|晚班|夜班}时{跟我提过|在对讲机里讲过|交接时说过}这事。",
        "您给的时间{省了我不少功夫|很有用|和日志吻合}。",
        "那{一段路|个路口|片}我{天天骑|很熟|每周都路过}。",
        "{place}已经{标在|记在|贴到}巡检图上。",
        "监控{当时没报|还是绿的|慢了{10-40}分钟}，反倒是您先看见。",
        "这是我{今天|中午以来|这一班}看到的第{二|三|四}条同类留言。",
        "您这条{早会念过|贴在工位上了|传到车库群里了}。",
        "{车库|仓库|夜班}的同事{也听说|都知道|刚收到电话}了。",
        "您不写，{place}{压根不在名单上|我们还真不知道|谁也没留意}。",
        "不是模板，{name}亲手打的字。",
        "您讲得比{我们的工单|系统告警|值班记录}清楚多了。",
        "怪的是{place}的传感器{一声没吭|整晚没动静|显示正常}。",
        "我们组{一半|好几个|大多数}人也{用那个点|在那儿取车|走那条路}。",
        "{状态页|APP|官网}早该{标红|自己说|写明}的。",
        "号码我{手抄|拿笔记|单独记}下了，{免得漏|笨办法|不怕丢}。",
        "{师傅|巡街的|司机}{time}{路过|经过|去过}{place}。",
        "{今天头一件|下班前最后一件|最忙时那件}就是这条，也{最明白|最有条理|最短}。",
        "跟{place}的{天气|修路|集市}没关系，{别替我们找理由|另一码事|不算借口}。",
        "您这话{在理|公道|不重}，比{我写的|表格里的|大多数}客气。",
        "{name}{非说|打赌|记得}{前一天|一小时前|{day}}还好好的。",
        "台账上写着{已完成|已查|正常}，{显然不是|明摆着不对|看来没人去}。",
        "我{刚来两周|干这行十年|头一回值夜}，特地{多看一眼|问了{name}|翻了记录}。",
    ),
}  # fmt: skip
"""What whoever answers adds of their own, neither sorry nor help nor a way elsewhere: no two people write alike, and
neither does one on two days. Without it the answers made for one customer would be a few sentences in turn, which is
what a template is."""
SECOND_REMARK = 0.45
"""Share of the answers made for one customer that hold two remarks; the others hold one."""

SIGN = {"en": ("^{name}", "- {name}", "", ""), "zh": ("——{name}", "（{name}）", "", "")}

TEMPLATES: dict[str, tuple[tuple[str, bool, bool], ...]] = {
    "en": (
        (
            "Thank you for your feedback. Safety is our first priority. Please fill in the form at "
            "larkwheel.example/help.",
            False,
            True,
        ),
        (
            "We apologise for any inconvenience caused. Your message has been forwarded to the responsible department.",
            True,
            False,
        ),
        (
            "Hello, please send us a direct message with your registered phone number and we will look into this for "
            "you.",
            False,
            True,
        ),
        (
            "All our bikes are inspected regularly and meet the applicable standards. Please use both brakes when "
            "riding downhill.",
            False,
            False,
        ),
        (
            "Hi there, thanks for reaching out! For questions about passes and charges please see our FAQ at "
            "larkwheel.example/faq.",
            False,
            False,
        ),
        (
            "We are sorry to hear that. Please fill in the form in the app under Help so that our team can assist "
            "you further.",
            True,
            True,
        ),
    ),
    "zh": (
        ("您好，感谢您的反馈。安全始终是我们的第一要务，请到 larkwheel.example/help 填写表单。", False, True),
        ("给您带来不便，敬请谅解。您的问题已转交相关部门处理。", True, False),
        ("您好，请私信您的注册手机号，我们将尽快为您核实。", False, True),
        ("雀轮单车均经过定期检修，符合相关标准，下坡请同时使用双刹。", False, False),
        ("您好，关于套餐及扣费问题，请查看帮助中心 larkwheel.example/faq。", False, False),
    ),
}
"""Text, whether it apologises, whether it sends the customer elsewhere."""
