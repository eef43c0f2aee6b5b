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
