"""The examples in this file were written for it; none is a post by anybody."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring import acts
from tests.benchmarks import reply_acts as benchmark
from tests.benchmarks import stratified
from tests.conftest import shared

DONE = {
    "acknowledgement": [
        "Thanks for letting us know, Priya.",
        "We hear you. Nobody likes a queue.",
        "Thank you for taking the time to write to us about your branch.",
        "Noted. Your comments have been logged with the depot.",
        "We're aware of a problem with card payments this morning.",
        "We can see that your parcel has been at the depot since Monday.",
        "Sorry that your card was declined at the till.",
        "Got it, thanks.",
        "感谢您的反馈，我们会认真看待",
        "您反映的问题我们已经收到",
        "关注到您的情况",
        "抱歉让您久等了",
        "您好，收到您的留言了",
    ],
    "empathy": [
        "I know how frustrating a cancelled train is.",
        "We understand your disappointment.",
        "That's no fun at all!",
        "Oh no! Which branch was this?",
        "We're sorry to hear that.",
        "Sorry you had to wait so long for the engineer.",
        "This is not the service we want to give.",
        "That must have been really stressful.",
        "We are saddened to learn of your experience.",
        "We’d feel the same in your shoes.",
        "理解您焦急的心情",
        "您的心情我们非常理解",
        "换作是我也会着急",
        "给您添堵了，马上为您处理",
        "让您受委屈了",
        "看到您的遭遇我们很难过",
        "辛苦您了，这么晚还在等",
        "换谁遇到都会生气",
        "对不起，让您糟心了",
        "這麼熱的天沒有冷氣，肯定很難熬",
        "您着急，我们比您更急",
        "期盼已久的旅行泡汤，一定特别失落",
        "又急又气吧，我们都懂",
        "失望是一定的",
        "听完您的讲述，我们心里很不是滋味",
        "人没事就好，您受惊了",
    ],
    "apology": [
        "Sorry about that!",
        "We apologise for the inconvenience caused to customers.",
        "We sincerely regret the delay to your journey.",
        "Please accept our apologies.",
        "Pardon the late reply.",
        "Sorry, we can't change the name on a ticket.",
        "We owe you an apology.",
        "非常抱歉给您带来不便",
        "实在对不起",
        "我行深表歉意",
        "不好意思，让您久等",
        "还请您多多包涵",
        "由此带来不便，敬请谅解",
        "向各位旅客致以诚挚的歉意",
        "小编先给宝子道个歉",
        "不好意思，这款已经下架了",
        "请接受我们诚挚的歉意",
        "我们知道道歉不能弥补什么，但还是要说声对不起",
    ],
    "explanation": [
        "The service was cancelled because of a signal failure.",
        "Your card was held due to an unusual payment.",
        "The offer is only available to new customers.",
        "There's a limit of five parcels a day.",
        "We had a fault in our payment system last night.",
        "由于暴雨，部分航班延误",
        "因系统升级导致无法登录",
        "受台风影响，配送延迟",
        "根据相关规定，此类商品不支持无理由退货",
    ],
    "solution": [
        "Could you try restarting the router?",
        "Does clearing the cache help?",
        "You can change your address under Settings > Profile.",
        "We've refunded the delivery fee to your card.",
        "Please follow the steps here: https://example.org/help",
        "This is fixed now.",
        "Please fill in this form for your refund: https://example.org/r",
        "We'd recommend speaking to your bank.",
        "We will rebook you on the next flight.",
        "Have you tried another browser?",
        "请您重启手机后再试",
        "已为您全额退款，预计到账",
        "建议您更新到最新版本",
        "我们马上为您补发一份",
        "故障已修复，现已恢复正常",
        "可凭票免费改签",
        "点击订单页面的申请退款入口即可",
        "The courier is on the way back and your parcel is on its way.",
        "I've taken the late fee off your bill.",
        "We'll cover the taxi.",
        "Your deposit lands by Tuesday.",
        "我们已经为您免除了滞纳金",
        "多收的30元已退，请查看账单",
        "押金秒退了哈",
        "拔掉电源等一分钟再插上就好",
        "行李找到了，今晚送到您家",
        "停水已恢复",
        "卡已经帮您挂失",
        "师傅明天上门检修",
        "換貨單已建立，明天到府收件",
        "打车费由我们承担",
        "票价差额到窗口退",
        "您多付的钱我们一分不少退给您",
    ],
    "holding": [
        "We'll look into this straight away.",
        "Our engineers are working on it.",
        "I've passed this on to the branch manager.",
        "We don't have any news to share yet.",
        "Fingers crossed we'll have it soon.",
        "我们正在核实，请稍等",
        "已反馈给相关部门",
        "会尽快为您处理",
    ],
    "defensiveness": [
        "As our terms clearly state, tickets are not refundable.",
        "You should have read the conditions before booking.",
        "Only a few customers were affected.",
        "These claims are completely false.",
        "That is not our responsibility.",
        "网传信息不属实，我们将追究法律责任",
        "该事故与我司无关",
        "是您操作不当导致的",
        "这只是个别现象",
        "条款里写得很清楚",
    ],
    "promise": [
        "We'll get back to you within 24 hours.",
        "Your refund will be processed in 3-5 business days.",
        "An engineer will call you tomorrow.",
        "You'll have an answer by 5 pm.",
        "Our team replies within two working days.",
        "我们会在24小时内给您答复",
        "退款将于3个工作日内到账",
        "今天内给您处理好",
        "预计明天恢复",
    ],
}
NOT_DONE = {
    "acknowledgement": [
        "Thanks!",
        "Thank you for your patience.",
        "Sorry about that!",
        "Thanks for the kind words.",
        "What's happening exactly?",
        "We apologise for any inconvenience.",
        "感谢您一直以来的支持",
        "我们没有收到您的来信",
    ],
    "empathy": [
        "Sorry about that!",
        "Thank you for your understanding.",
        "We hope you understand.",
        "That's odd.",
        "No worries!",
        "We're not sure we understand. Which line is it?",
        "Great to hear!",
        "Aww, thanks for the kind words.",
        "感谢您的理解与支持",
        "敬请理解",
        "请您谅解",
        "可能是我理解有误",
        "辛苦您提供一下订单号",
        "希望您能体谅我们的难处",
        "我们了解到您的航班因天气原因取消",
        "请不要担心",
        "造成困扰，敬请谅解",
        "据我们理解，该条款今年生效",
        "感同身受？您又没干过这行",
        "又冷又饿的时候来一碗面吧",
        "很遗憾，您未中签",
        "确实是我们的疏忽",
    ],
    "apology": [
        "Sorry? Which station do you mean?",
        "No need to apologise!",
        "Thanks for the apology, we accept it.",
        "We're afraid that isn't possible.",
        "Unfortunately the shop is closed.",
        "You won't regret it!",
        "The driver apologised to you, as you write.",
        "您不用道歉",
        "感谢您的道歉",
        "您说司机没有道歉，我们会核实",
        "很遗憾，该活动已结束",
        "不好意思，请问是哪一趟车",
        "不好意思打扰一下，您方便说下车次吗",
        "店员当场就道歉了",
        "我们已责成店长上门向您道歉",
        "向您道歉的应该是肇事司机",
        "说对不起有用的话还要规则干什么",
        "我们没有错，不存在道歉的问题",
        "真对不起您那点智商",
        "敬请谅解",
    ],
    "explanation": [
        "This isn't possible right now.",
        "There's more info here: https://example.org",
        "We'll find out the reason for this.",
        "Sorry for any trouble this has caused.",
        "Please restart the app.",
        "正在调查事故原因",
        "抱歉给您造成不便",
    ],
    "solution": [
        "Could you DM us your order number?",
        "We're looking into it.",
        "Which version are you using?",
        "When you try to log in, what do you see?",
        "Please call us on 555 0100.",
        "We're always here to help.",
        "We are unable to refund this fare.",
        "Glad it's working again!",
        "We'll see what we can suggest.",
        "Has the problem been fixed?",
        "请私信我们您的订单号",
        "我们正在加紧修复",
        "该商品不支持退款",
        "请提供一下您的手机号",
        "问题解决了吗？",
        "尽快恢复",
        "在设置里点“联系客服”",
        "私信发我们即可",
        "这款商品不支持退换",
        "无法为您退款",
        "退款申请已收到，正在审核",
        "您重启过手机吗",
        "航班取消了，请理解",
        "可以扫描下方二维码添加客服",
        "请重新上传清晰的照片",
        "退票窗口已关闭",
        "有人冒充我们发补偿红包",
        "补偿方案还在讨论",
        "Is your parcel on its way?",
        "If the refund is delayed, tell us.",
        "When was your bag collected?",
    ],
    "holding": [
        "We're here to help!",
        "Keep us posted.",
        "We look forward to seeing you on board.",
        "Restart the phone, please.",
        "您可以在订单页查看进度",
    ],
    "defensiveness": [
        "The flight was cancelled due to weather.",
        "This isn't possible right now.",
        "It's our fault, and we're sorry.",
        "What's wrong with the app?",
        "You should have received an e-mail.",
        "不是您的问题，是我们的疏忽",
        "已恢复正常运营",
    ],
    "promise": [
        "We'll be in touch soon.",
        "Please reply within 7 days.",
        "Try again in an hour.",
        "We're open 24 hours a day.",
        "Have a great day!",
        "We replied within 24 hours.",
        "Will you travel tomorrow?",
        "会尽快处理",
        "请您在7天内提交申请",
        "客服热线24小时在线",
    ],
}


@pytest.mark.parametrize(("act", "text"), [(act, text) for act, texts in DONE.items() for text in texts])
def test_what_a_reply_does_is_found_and_shown(act: str, text: str):
    assert acts.acts([text])[act].tolist() == [True]
    assert acts.spans(text, act)


@pytest.mark.parametrize(("act", "text"), [(act, text) for act, texts in NOT_DONE.items() for text in texts])
def test_what_only_looks_like_it_is_left(act: str, text: str):
    assert acts.acts([text])[act].tolist() == [False]
    assert acts.spans(text, act) == []


def test_a_row_per_text_in_the_order_given_and_each_by_itself():
    texts = ["Sorry about that!", "", "We've refunded you.", "Sorry about that!"]
    found = acts.acts(texts)
    assert found.columns.tolist() == list(acts.ACTS)
    assert found.index.tolist() == [0, 1, 2, 3]
    assert all(kind.kind == "b" for kind in found.dtypes)
    assert found["apology"].tolist() == [True, False, False, True]
    assert acts.acts(texts[::-1])["apology"].tolist() == [True, False, False, True]
    assert acts.acts([]).shape == (0, len(acts.ACTS))


@pytest.mark.parametrize(
    ("text", "act", "words"),
    [
        ("@anna Hi, we’re so sorry for the wait.", "apology", ["sorry"]),
        ("Ｗｅ’ｒｅ ｓｏｒｒｙ", "apology", ["ｓｏｒｒｙ"]),
        ("See https://example.org/sorry.html, and our apologies.", "apology", ["apologies"]),
        ("很抱歉，給您帶來不便，我們理解您的心情。", "apology", ["抱歉"]),
        ("\u202eplease accept our apologies\u202c", "apology", ["apologies"]),
        ("We'll call you within 2 hours.", "promise", ["We'll call you within 2 hours"]),
    ],
)
def test_spans_are_of_the_text_as_written(text: str, act: str, words: list[str]):
    assert [text[start:end] for start, end in acts.spans(text, act)] == words


def test_spans_and_verdicts_agree():
    texts = [text for texts in [*DONE.values(), *NOT_DONE.values()] for text in texts]
    found = acts.acts(texts)
    for act in acts.ACTS:
        assert [bool(acts.spans(text, act)) for text in texts] == found[act].tolist(), act


def test_words_of_others_are_no_acts():
    assert not acts.acts(['You wrote "I am so sorry for you".', "您说“非常抱歉”这句话"])["apology"].any()


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("We'll get back to you within 24 hours.", 24),
        ("Your refund will be processed in 3-5 business days.", 168),
        ("Our team replies within two working days.", 96),
        ("An engineer will call you tomorrow.", 48),
        ("You'll have an answer by 5 pm.", 24),
        ("They will respond in up to a week.", 168),
        ("我们会在24小时内给您答复", 24),
        ("退款将于3个工作日内到账", 120),
        ("今天内给您处理好", 24),
        ("预计半小时内恢复", 0.5),
        ("We'll be in touch soon.", None),
        ("Sorry about that!", None),
        ("将于8月3日前完成退款", None),
    ],
)
def test_deadlines_in_hours(text: str, hours: float | None):
    assert acts.deadline(text) == hours


def test_like_wordings_are_one():
    texts = ["@anna Sorry about the wait! /LS", "@bo sorry about the wait! /MK https://example.org/1", "Sorry, Bo."]
    first, second, third = acts.wordings(texts)
    assert first == second != third


HOSTILE = [
    "a" * 10_000, "请" * 10_000, "we " * 4_000, "sorry " * 3_000 + "\0", "\u202e\u202e\0", "\ud800", "try " * 3_000,
    "you can " * 2_000, "(" * 5_000, '"' * 10_000, "@" * 10_000, "https://" * 2_000, "我们" * 5_000,
    "within 1 " * 2_000,
]  # fmt: skip


def test_hostile_texts_neither_hang_nor_fail():
    start = time.perf_counter()
    found = acts.acts(HOSTILE)
    for text in HOSTILE:
        acts.deadline(text)
        for act in acts.ACTS:
            acts.spans(text, act)
    assert found["apology"].tolist() == ["sorry" in text for text in HOSTILE]
    assert time.perf_counter() - start < 20


@settings(deadline=None, max_examples=40)
@given(st.text())
def test_any_text_is_read(text: str):
    assert acts.acts([text]).shape == (1, len(acts.ACTS))
    for act in acts.ACTS:
        assert all(0 <= start < end <= len(text) for start, end in acts.spans(text, act))


def test_the_printed_accuracy_is_that_of_the_benchmark():
    shared("archives/spotify-2017/SpotifyCares.csv")
    labels, found = benchmark.labelled()
    measured = benchmark.measure(labels, found)
    for act in acts.ACTS:
        printed = acts.ACCURACY[act, "en"]
        assert (printed is None) == (labels[act].sum() < 50), act
        for known, value in zip(printed or (), measured[act][:2], strict=False):
            assert known.n == value.n
            told = [value.value, value.low, value.high]
            assert [known.value, known.low, known.high] == pytest.approx(told, abs=5e-5)


def test_labels_are_ids_and_verdicts_only():
    labels = pd.read_csv(benchmark.LABELS, dtype={"id": str})
    assert labels.columns.tolist() == ["id", "stratum", "probability", *benchmark.COLUMNS]
    assert labels["id"].is_unique
    assert labels["id"].str.fullmatch(r"\d+").all()
    assert labels[list(benchmark.COLUMNS)].isin([0, 1]).all().all()
    assert labels.groupby("stratum")["probability"].nunique().eq(1).all()


def test_strata_exclude_each_other_and_weigh_back():
    rng = np.random.default_rng(5)
    size = 4_000
    truth, found = rng.random(size) < 0.1, rng.random(size) < 0.08
    found = (truth & (rng.random(size) < 0.8)) | (found & (rng.random(size) < 0.1))
    stratum = np.where(found, "found", np.where(rng.random(size) < 0.3, "cue", "rest"))
    every = pd.DataFrame({"stratum": stratum, "found": found, "label": truth.astype(int)})
    population = every["stratum"].value_counts().to_dict()
    precision, recall = truth[found].mean(), found[truth].mean()
    errors = []
    for seed in range(40):
        rows = every.groupby("stratum", group_keys=False).sample(80, random_state=seed)
        measured = stratified.measure(rows, population)
        errors.append([measured.precision.value - precision, measured.recall.value - recall])
        assert measured.f1.low <= measured.f1.value <= measured.f1.high
    assert np.abs(np.mean(errors, axis=0)).max() < 0.03
