"""Chinese words, emoticons and emoji of good and bad feeling, written for this project.

Reviews teach a model what is said of goods; these words carry feeling wherever they are said. A negation up to two
characters before a word turns it round.
"""

import re
from functools import cache

GOOD = """
喜欢 喜爱 爱上 热爱 最爱 开心 高兴 快乐 愉快 幸福 欣慰 满意 满足 惊喜 感动 感谢 感恩 谢谢 多谢 致谢 赞 点赞 称赞 赞美 好评 推荐 值得 期待
支持 加油 给力 棒 真棒 太棒 很棒 优秀 出色 完美 精彩 精致 漂亮 美丽 好看 帅 可爱 萌 迷人 温馨 温暖 暖心 贴心 用心 细心 耐心 热情 亲切
友好 周到 负责 专业 靠谱 放心 安心 舒服 舒适 享受 轻松 方便 便捷 快捷 迅速 及时 准时 实惠 便宜 超值 划算 物美价廉 性价比高 美味 好吃 好喝
可口 新鲜 干净 整洁 卫生 好用 耐用 实用 流畅 稳定 清晰 好听 好玩 有趣 搞笑 幽默 哈哈 嘻嘻 嘿嘿 呵护 祝福 祝贺 恭喜 生日快乐 顺利 成功 胜利 好运
幸运 进步 希望 梦想 浪漫 甜蜜 陪伴 珍惜 佩服 敬佩 钦佩 致敬 崇拜 骄傲 自豪 激动 兴奋 振奋 爽 真爽 过瘾 不错 挺好 很好 太好 真好 蛮好 最好 良心 厚道
真诚 诚恳 善良 正能量 了不起 厉害 牛 强大 聪明 机智 健康 平安 晚安 早安 么么哒 亲爱 拥抱 微笑 大爱 欢迎 心动 陶醉 难忘 回味 值了 赞一个 好样的 
"""
BAD = """
讨厌 厌恶 恶心 反感 生气 气愤 愤怒 气死 气人 火大 恼火 发火 可恶 可恨 可耻 无耻 卑鄙 缺德 垃圾 差劲 太差 很差 极差 真差 差评 糟糕 糟透 烂 太烂 坑 坑人
坑爹 骗 骗子 骗人 欺骗 诈骗 忽悠 虚假 假货 假冒 山寨 失望 绝望 后悔 遗憾 可惜 伤心 难过 难受 悲伤 悲哀 悲剧 悲惨 心疼 心痛 心酸 心碎 痛苦 痛心 痛 
哭 大哭 泪 流泪 眼泪 泪奔 委屈 郁闷 烦 烦躁 心烦 烦死 麻烦 无聊 无语 无奈 崩溃 抓狂 疯了 受不了 忍无可忍 累 累死 疲惫 辛苦 困死 压力 焦虑 担心 担忧
害怕 恐怖 恐惧 可怕 吓人 吓死 危险 孤独 寂寞 孤单 失眠 头疼 头痛 感冒 发烧 生病 病 医院 死 死了 去世 遇难 逝世 哀悼 默哀 悼念 灾难 事故 车祸 受伤 
投诉 举报 维权 退款 退货 赔偿 曝光 抵制 谴责 抗议 黑心 奸商 霸王 敷衍 推诿 推卸 冷漠 态度差 不理 没人管 没人接 打不通 等了 太慢 很慢 真慢 超慢 慢死 拖延 延误 晚点
迟到 堵 堵车 挤死 排队 超时 凉了 冷了 难吃 难喝 难看 难听 难闻 难用 恶劣 肮脏 脏 臭 异味 发霉 变质 过期 蟑螂 虫子 头发 拉肚子 破 破烂 破损 坏 坏了 
故障 死机 卡 卡死 闪退 黑屏 噪音 吵 太吵 粗糙 劣质 掉漆 掉色 偷工减料 贵 太贵 不值 浪费 亏 亏了 上当 受骗 丢 丢了 丢失 被偷 小偷 漏 少了 错 错误 失误 
问题 毛病 缺点 缺陷 不足 失败 输 倒霉 倒闭 可怜 惨 悲催 杯具 苦逼 蛋疼 纠结 郁郁 傻 傻逼 白痴 脑残 有病 混蛋 王八 滚 滚蛋 该死 他妈 妈的 操 尼玛 呸 鄙视 无良 
丑 丑陋 恶心死 呕吐 想吐 吐血 腐败 贪 黑暗 残忍 冷血 暴力 欺负 侮辱 歧视 污染 雾霾 不满 不爽 不行 不好 不要脸 不负责 不专业 不合理 一般 失职 悲愤 气炸 怒 
"""
GOOD_EMOTICONS = """
哈哈 嘻嘻 呵呵 爱你 可爱 太开心 开心 鼓掌 心 赞 good 给力 威武 酷 害羞 亲亲 偷笑 抱抱 花心 色 馋嘴 挤眼 微笑 笑 礼物 蛋糕 鲜花 玫瑰 太阳 耶 ok 握手 拳头 
强 胜利 憨笑 憧憬 爱心 爱心传递 兔子 互粉 来 奥特曼 羞嗒嗒 笑cry 笑哭 送花花 中国赞 
"""
BAD_EMOTICONS = """
怒 怒骂 抓狂 泪 悲伤 失望 生病 衰 委屈 可怜 伤心 哭 大哭 流泪 晕 汗 吐 鄙视 哼 打脸 骂 困 黑线 闭嘴 疑问 吃惊 弱 差 不要 阴险 白眼 敲打 快哭了 心碎 蜡烛 左哼哼 右哼哼 
感冒 打哈气 拜拜 死 崩溃 裂开 
"""
GOOD_EMOJI = "😀😃😄😁😆😅😂🤣😊🙂😉😍😘😗😙😚🥰🤗🤩😇😋😎👍👏🙌💪🎉🎊❤💕💖💗💓💞💯✨🌹🌸🌷💐🥳😻☺👌✌"
BAD_EMOJI = "😠😡🤬😤😞😟😢😭😩😫😖😣😔😕🙁☹😨😰😱😒🙄😑😐😓😪😷🤢🤮💔👎💩🖕😾😿😵🤯😳"
_NEGATIONS = "不没別别无未非勿莫"
_EMOTICON = re.compile(r"\[([^\W\d_]{1,8})\]")


def count(text: str) -> tuple[int, int]:
    """How often `text` shows good and bad feeling: each place counts once, for the longest word that begins there."""
    good = bad = 0
    for name in _EMOTICON.findall(text):
        good += name.lower() in _emoticons()[0]
        bad += name.lower() in _emoticons()[1]
    for found in _words().finditer(_EMOTICON.sub(" ", text)):
        word = found[0]
        before = found.string[max(0, found.start() - 2) : found.start()]
        turned = any(sign in before for sign in _NEGATIONS)
        if (_feelings()[word] > 0) != turned:
            good += 1
        else:
            bad += 1
    return good, bad


@cache
def _feelings() -> dict[str, int]:
    words = dict.fromkeys((*GOOD.split(), *GOOD_EMOJI), 1)
    return words | dict.fromkeys((*BAD.split(), *BAD_EMOJI), -1)


@cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_feelings(), key=lambda word: (-len(word), word)))))


@cache
def _emoticons() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(GOOD_EMOTICONS.split()), frozenset(BAD_EMOTICONS.split())
