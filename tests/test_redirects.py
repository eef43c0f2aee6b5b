"""The examples in this file were written for it; none is a post by anybody."""

import pandas as pd
import pytest

from analysis.scoring import redirects as redirect
from tests.benchmarks import redirects as benchmark
from tests.conftest import shared

CHINESE = [
    "请私信我们您的订单号",
    "您好，麻烦您私信提供一下车架号，我们马上核实",
    "非常抱歉给您带来不便，欢迎致电客服热线咨询",
    "请拨打客服电话，我们会有专人为您处理",
    "可以加一下我们的企业微信，工程师一对一解答",
    "请将截图发送至我们的邮箱，谢谢",
    "辛苦您关注后私信小编，留下手机号，方便我们联系您",
    "我们已私信您，请查收",
    "已私信，请您留意查看",
    "客服已经在后台回复您了",
    "专员会尽快与您电话联系，请保持电话畅通",
    "请您留意来电，今天会有同事联系您",
    "烦请通过后台留言告诉我们门店名称",
    "建议您联系在线客服处理退款",
    "您可以点击下方表单登记信息",
    "直接私信客服就可以啦",
    "抱歉让您久等，请发邮件到我们的服务邮箱",
    "如果无法登录请私信我们",
    "电话没人接的话，请私信我们，我们帮您催办",
    "已收到反馈，我们将致电您核实情况",
    "請私訊我們您的訂單編號",
    "歡迎撥打客服專線",
    "没有收到您的私信，请再发一次",
    "方便的话私聊一下小编哦",
    "请留下您的联系方式，我们尽快回电",
    "請ＤＭ我們",
    "麻烦您加下客服的微信，传截图给我们",
    "請洽分行專線，或撥 0800-000-000",
    "已請專人與您電話聯繫",
    "亲，戳戳小编，报一下手机尾号",
    "您的私信我们已经回复了",
    "看到您的私信了，已回复",
    "请您到“我的-帮助与反馈”提交日志",
    "请在公众号回复“转人工”",
    "能不能加个微信，我把报告发您",
    "热线打不通的话，请私信我们",
    "请私信您的注册手机号",
    "您好，我们已给您发了邮件",
    "昨天给您打过三次电话都没接通，今天会再致电",
    "请不要在评论区公布个人信息，私信给我们就好",
    "抄表有误请联系95598",
    "您的电话我们打了三次都没人接，请您方便时回个电话",
    "咱们私下聊",
    "發生這樣的事我們很難過，煩請至官網填寫意見回饋表",
]
CHINESE_TRAPS = [
    "客服电话打不通",
    "打了三天客服热线都没人接",
    "私信也不回，太让人失望了",
    "请问客服热线为什么一直占线",
    "可是客服热线没人接",
    "可惜邮箱里什么都没有",
    "无需私信，我们已在此处为您解决",
    "请勿在私信中透露密码",
    "请不要相信陌生来电",
    "有骗子冒充客服加微信，请大家当心",
    "很抱歉，之前让您多次拨打热线",
    "理解您致电客服无人接听的心情",
    "我们暂不支持微信支付",
    "车主说经销商来电催款，我们正在调查",
    "感谢您的反馈，问题已经修复",
    "请升级到最新版本后重试",
    "请重新启动车辆",
    "手机电池请勿自行拆卸",
    "可以在设置里关闭邮件提醒吗？这个功能还没有",
    "客服电话系统正在升级，恢复时间会另行公布",
    "有人说收到了我们的私信，那不是我们发的",
    "新款支持后台播放",
    "您好，门店今天照常营业",
    "公开回复大家：退款已全部完成",
    "工作人员会与您联系",
    "请问您的注册邮箱是哪个",
    "您联系过客服吗",
    "客服部门正在核实",
    "已为您提交工单，请耐心等待",
    "后台显示您已退款",
    "如遇诈骗请拨打110",
    "在线客服系统正在抢修",
    "请查收游戏内邮件领取补偿",
    "欢迎扫码进群，群里有福利",
    "网友说“请私信我们”，该账号并非官方",
    "您在私信里骂人，我们已经截图",
    "说好回电却没回，是我们失信了",
    "我们每天收到上千条私信，难免有遗漏",
    "客服电话？我们没有那种东西",
    "我们电话系统瘫痪了",
]
ENGLISH = [
    "Could you send us a DM with the number of your order?",
    "Please DM us your registration, and we'll look into it.",
    "Sorry about that! Drop us an email at help@example.org",
    "Give us a call on 555 0100 and we'll sort it out",
    "Please fill in our contact form so that the team can look",
    "We've just sent you a DM.",
    "Thanks for the DM. We've replied there!",
    "You can reach us through live chat round the clock",
    "Let's carry on in private.",
    "We can't DM you first, but can you fire one over to us? A DM works best.",
    "If that doesn't help, just DM us.",
    "Don't hesitate to call us",
    "Why don’t you message us privately",
    "One of our colleagues will call you this afternoon",
    "Check your DMs",
    "We didn't get your DM. Can you send it again?",
]
ENGLISH_TRAPS = [
    "We're unable to help by DM.",
    "No need to email us, it's all fixed.",
    "We don't offer phone support.",
    "Sorry that nobody returned your call.",
    "When did you call us?",
    "Did you send us an email about this?",
    "They sent you a DM pretending to be us. Please ignore it.",
    "Sorry you had to call us three times.",
    "A friend got an email about the sale? Lucky them!",
    "Please restart your phone and try again.",
    "Are you getting an error message?",
    "Which email address is your account under?",
    "Try a private window in your browser.",
    "Good call!",
    "The train is in good form today.",
    "Never share your password by email.",
    "Restarting the device usually helps.",
]


@pytest.mark.parametrize("text", CHINESE + ENGLISH)
def test_redirects_are_found(text):
    assert redirect.redirects(pd.Series([text])).tolist() == [True]


@pytest.mark.parametrize("text", CHINESE_TRAPS + ENGLISH_TRAPS)
def test_channels_that_are_no_redirect_are_left(text):
    assert redirect.redirects(pd.Series([text])).tolist() == [False]


def test_texts_may_be_null_empty_or_hostile():
    texts = pd.Series(
        [None, "", "a" * 10_000, "请" * 10_000, "DM " * 3_000 + "\0", "we " * 3_000, "\u202ePlease DM us\u202c"],
        dtype="string",
        index=list("abcdefg"),
    )
    found = redirect.redirects(texts)
    assert found.dtype == bool
    assert found.index.tolist() == texts.index.tolist()
    assert found.tolist()[:4] == [False] * 4
    assert found["g"]


def test_the_printed_precision_and_recall_are_those_of_the_benchmark():
    rows = benchmark.labelled(shared("archives/spotify-2017/SpotifyCares.csv"))
    measured = benchmark.measure(rows[rows["stratum"].str.startswith("holdout")])
    for printed, found in zip((redirect.PRECISION, redirect.RECALL), measured, strict=True):
        assert printed.n == found.n
        assert [printed.value, printed.low, printed.high] == pytest.approx(
            [found.value, found.low, found.high], abs=5e-5
        )


def test_labels_are_ids_and_verdicts_only():
    labels = pd.read_csv(benchmark.LABELS, dtype={"id": str})
    assert labels.columns.tolist() == ["id", "label", "stratum"]
    assert labels["id"].is_unique
    assert labels["id"].str.fullmatch(r"\d+").all()
    assert labels["label"].isin([0, 1]).all()
    assert set(labels["stratum"]) == set(benchmark.POPULATION)


def test_a_stratum_without_a_miss_still_widens_the_interval():
    rows = pd.DataFrame(
        {
            "stratum": ["holdout/positive"] * 50 + ["holdout/rest"] * 50,
            "found": [True] * 50 + [False] * 50,
            "label": [1] * 50 + [0] * 50,
        }
    )
    precision, recall = benchmark.measure(rows)
    assert (precision.value, recall.value, recall.high) == (1.0, 1.0, 1.0)
    assert recall.low < precision.low < 1
