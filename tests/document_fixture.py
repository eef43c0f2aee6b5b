"""One document in two languages, and one of hostile text: what the tests of page and PDF render."""

from pathlib import Path
from typing import Any

from analysis.report.schema import Document

FIGURE = """<svg xmlns="http://www.w3.org/2000/svg" width="518pt" height="252pt" viewBox="0 0 518 252">
<path d="M30 10 V220 H510" fill="none" stroke="#56616F"/>
<path d="M30 200 L120 196 L150 60 L180 30 L230 110 L300 160 L400 188 L510 195 V220 H30 Z" fill="#6F8FB3"/>
<path d="M30 210 L120 208 L150 120 L180 80 L230 160 L300 190 L400 205 L510 207" fill="none" stroke="#8F1D14"/>
</svg>
"""

LABELS = {
    "en": {
        "contents": "Contents",
        "evidence": "Evidence",
        "figure": "Figure",
        "table": "Table",
        "skip": "Skip to the content",
        "key_numbers": "Key numbers",
        "period": "Period",
        "generated": "Generated",
        "method": "Method",
        "observations": "Observations",
        "quote": "Mention",
        "practice": "Practice",
        "strength": "Strength of evidence",
        "unless": "What would change it",
        "rule": "Rule",
        "certainty": "Certainty",
        "lesson": "Lesson",
        "back": "Back to the claim",
        "drawn": "Drawn in figure {figure}.",
        "follow_up": "Follow-up",
        "owner": "Owner",
        "due": "Due",
        "kind": "Kind",
        "measure": "Measure of success",
        "action": "Action",
        "followed": "State",
        "rows_capped": "The first {shown} of {total} rows. The whole table is in {file}.",
        "written_out": "Characters written out",
        "written_out_text": "What the report's fonts do not cover is written out in words.",
        "written_out_shown": "Shown as",
        "written_out_times": "Times",
        "written_one": "[{script}, 1 character]",
        "written_many": "[{script}, {count} characters]",
    },
    "zh": {
        "contents": "目录",
        "evidence": "证据",
        "figure": "图",
        "table": "表",
        "skip": "跳到正文",
        "key_numbers": "关键数字",
        "period": "时段",
        "generated": "生成时间",
        "method": "方法",
        "observations": "样本量",
        "quote": "帖文",
        "practice": "实践",
        "strength": "证据强度",
        "unless": "什么会改变结论",
        "rule": "规则",
        "certainty": "确定程度",
        "lesson": "经验",
        "back": "返回结论",
        "drawn": "见图 {figure}。",
        "follow_up": "后续行动",
        "owner": "负责人",
        "due": "期限",
        "kind": "类别",
        "measure": "成功标准",
        "action": "行动",
        "followed": "进展",
        "rows_capped": "仅列出 {total} 行中的前 {shown} 行，完整表格见 {file}。",
        "written_out": "以文字代替的字符",
        "written_out_text": "报告字体未覆盖的内容以文字写出。",
        "written_out_shown": "写作",
        "written_out_times": "次数",
        "written_one": "[{script}，1 个字符]",
        "written_many": "[{script}，{count} 个字符]",
    },
}

_ENGLISH: dict[str, Any] = {
    "title": "Northwind Ferries: the overbooked Friday sailing",
    "subtitle": "What happened, how we answered, and what to change",
    "brand": "Northwind Ferries",
    "period": "9 April 2021, 06:00 to 16 April 2021, 06:00 (Europe/London)",
    "state": "draft",
    "state_text": "Draft, not yet reviewed",
    "classification": "Internal – not for onward distribution",
    "generated": "2 May 2021, 07:30",
    "zone": "Europe/London",
    "first_page": {
        "status": [
            {"label": "State", "text": "Draft", "tone": "neutral"},
            {"label": "Severity", "text": "3 of 4, serious", "tone": "bad", "findings": ["impact.severity"]},
            {"label": "Confidence", "text": "Moderate", "tone": "warning", "findings": ["coverage.verdict"]},
        ],
        "coverage": {
            "tone": "warning",
            "title": "The collection missed parts of the two busiest days",
            "text": "On 10 and 11 April the export holds exactly 10,000 "
            "posts a day, all of them from the last 3 hours of "
            "the day. Volumes of those days are lower bounds; shares describe the evenings alone.",
            "findings": ["coverage.verdict"],
        },
        "paragraph": [
            {
                "text": "A video of families left on the quay was posted "
                "on 9 April at 18:40 and was shared 4,812 times "
                "within six hours.",
                "findings": ["timeline.onset"],
            },
            {
                "text": "Negative posts rose from 17% to 62% of all mentions, "
                "about 45 points more than the days before "
                "would have led us to expect.",
                "findings": ["impact.negative"],
            },
            {
                "text": "Our first public answer came 21 h later; it explained "
                "the booking rule and did not apologise, and "
                "the share of negative posts did not fall until the second statement.",
                "findings": ["response.first", "response.effect"],
            },
            {"text": "We ask the board to decide on a standing rota for weekends."},
        ],
        "numbers": [
            {
                "label": "Mentions above expectation",
                "value": "38,400",
                "interval": "31,000 to 46,200",
                "baseline": "expected 9,150",
                "note": "a lower bound",
                "tone": "bad",
                "finding": "impact.volume",
            },
            {
                "label": "Negative share at its height",
                "value": "62%",
                "interval": "60% to 64%",
                "baseline": "17% in the 28 days before",
                "tone": "bad",
                "finding": "impact.negative",
            },
            {
                "label": "Time to first public answer",
                "value": "21 h",
                "interval": "dated to the minute",
                "baseline": "plan: 60 min",
                "tone": "bad",
                "finding": "response.first",
            },
            {
                "label": "Answered within the target",
                "value": "34%",
                "interval": "31% to 37%",
                "baseline": "58% before",
                "tone": "warning",
                "finding": "response.share",
            },
            {
                "label": "Time until back to normal",
                "value": "more than 6 days",
                "interval": "the archive ends first",
                "tone": "neutral",
                "finding": "recovery.time",
            },
        ],
        "figure": {
            "path": "figures/timeline.svg",
            "alt": "Mentions per hour rise steeply on the evening of 9 "
            "April and fall over five days; negative ones follow.",
            "title": "Volume turned on the evening of 9 April, three hours before anyone was alerted",
            "caption": "Mentions per hour, all (blue) and negative (red), with what we did. Times in Europe/London.",
            "finding": "timeline.onset",
        },
    },
    "sections": [
        {
            "id": "timeline",
            "title": "Timeline",
            "lead": "Four moments decided the course; each is dated from the archive or from the log of actions.",
            "blocks": [
                {
                    "kind": "table",
                    "caption": "Key moments, with their source",
                    "columns": [
                        {"label": "When (Europe/London)"},
                        {"label": "What happened"},
                        {"label": "Source"},
                        {"label": "Mentions in the hour", "align": "right"},
                    ],
                    "rows": [
                        ["9 April, 18:40", "A passenger posts a video from the quay", "archive", "12"],
                        ["9 April, 21:10", "The video reaches two regional newsrooms", "archive", "1,940"],
                        ["10 April, 15:40", "First statement: explains the booking rule", "actions.csv", "2,310"],
                        ["12 April, 09:05", "Second statement: apology and refunds", "actions.csv", "870"],
                    ],
                    "note": "Counts of 10 April are lower bounds.",
                    "finding": "timeline.onset",
                },
                {
                    "kind": "paragraph",
                    "text": "The earliest knowable time was 19:30 on 9 April: "
                    "from then on the hourly count stood above its "
                    "95% band.",
                    "findings": ["detection.lag"],
                },
                {
                    "kind": "figure",
                    "path": "figures/timeline.svg",
                    "alt": "The negative share by hour, against its band.",
                    "title": "",
                    "caption": "Negative share by hour with its expected band.",
                    "finding": "impact.negative",
                },
            ],
        },
        {
            "id": "causes",
            "title": "Why: contributing factors, mitigators and luck",
            "blocks": [
                {"kind": "heading", "title": "What people wrote about"},
                {
                    "kind": "list",
                    "items": [
                        {"text": "Families separated at boarding: 41% of negative posts.", "findings": ["causes.main"]},
                        {"text": "Refunds that did not arrive: 23%.", "findings": ["causes.main"]},
                        {"text": "No person to speak to: 11%.", "findings": ["causes.main"]},
                    ],
                },
                {
                    "kind": "quotes",
                    "items": [
                        {
                            "text": "We booked four seats together and two of us were left behind. Nobody said a word.",
                            "id": "t-1041",
                            "when": "9 April, 19:02",
                        },
                        {
                            "text": "Third email, still no refund 😂👨‍👩‍👧 สวัสดีครับ",
                            "id": "t-2210",
                            "when": "11 April, 08:15",
                        },
                    ],
                    "finding": "causes.main",
                },
                {
                    "kind": "callout",
                    "tone": "warning",
                    "title": "Luck played a part",
                    "text": "The national news was busy with an election; without "
                    "it the peak would likely have been higher.",
                },
            ],
        },
        {
            "id": "lessons",
            "title": "Lessons and follow-ups",
            "lead": "What to keep, to change and to try, each with the evidence behind it.",
            "blocks": [
                {
                    "kind": "lesson",
                    "number": "1",
                    "verdict": "Change",
                    "tone": "bad",
                    "title": "Nobody watches the feeds at the weekend",
                    "text": "The first alert came 3 h after the earliest knowable "
                    "time, because the rota ends on Friday "
                    "evening.",
                    "practice": "See the signs",
                    "strength": "Strong: dated from the archive and the action log",
                    "findings": ["detection.lag"],
                    "follow_up": {
                        "owner": "Head of customer care",
                        "due": "30 June 2021",
                        "kind": "process",
                        "measure": "Alert within 30 minutes in 9 of 10 drills",
                        "action": "Set up a weekend rota with a deputy",
                    },
                },
                {
                    "kind": "lesson",
                    "number": "2",
                    "verdict": "Keep",
                    "tone": "good",
                    "title": "The apology was clear and was followed by money",
                    "text": "Within 48 h of the second statement the negative "
                    "share fell by 18 points, more than in 97% of "
                    "placebo windows.",
                    "practice": "Answer fast and with empathy",
                    "strength": "Moderate",
                    "findings": ["response.effect"],
                },
            ],
        },
    ],
    "appendix": [
        {
            "id": "method",
            "title": "Method and limits",
            "blocks": [
                {
                    "kind": "definition",
                    "term": "Interval",
                    "text": "95% unless the entry says otherwise (Wilson 1927).",
                },
                {
                    "kind": "definition",
                    "term": "Negative share",
                    "text": "Mentions whose most likely sentiment is negative, divided by all scored mentions.",
                },
            ],
        },
        {
            "id": "hours",
            "title": "Mentions by hour",
            "blocks": [
                {
                    "kind": "table",
                    "caption": "Mentions by hour",
                    "columns": [
                        {"label": "Hour (UTC)"},
                        {"label": "Mentions", "align": "right"},
                        {"label": "Negative", "align": "right"},
                    ],
                    "rows": [[f"9 April, {hour % 24:02d}:00", f"{hour * 1234:,}", f"{hour}%"] for hour in range(60)],
                    "finding": "impact.volume",
                    "file": "tables/hours.csv",
                }
            ],
        },
        {
            "id": "manifest",
            "title": "Manifest",
            "source": "manifest",
            "blocks": [
                {
                    "kind": "table",
                    "caption": "Inputs",
                    "columns": [{"label": "File"}, {"label": "SHA-256"}, {"label": "Rows", "align": "right"}],
                    "rows": [
                        [
                            "mentions/2021-04-09.csv",
                            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                            "1,812",
                        ]
                    ],
                },
            ],
        },
    ],
    "evidence": [
        {
            "number": at,
            "finding": finding,
            "title": title,
            "text": text,
            "method": method,
            "n": n,
        }
        for at, (finding, title, text, method, n) in enumerate(
            [
                (
                    "coverage.verdict",
                    "How complete is the collection?",
                    "Two days are cut at 10,000 posts.",
                    "count",
                    "",
                ),
                (
                    "timeline.onset",
                    "When did it turn?",
                    "9 April, 18:40 (4,812 shares by midnight).",
                    "CUSUM",
                    "52,310",
                ),
                ("impact.severity", "How severe was it?", "Level 3 of 4.", "rule", ""),
                ("impact.volume", "How much more was said?", "38,400 (31,000 to 46,200).", "counterfactual", "672"),
                ("impact.negative", "How negative was it?", "62% (60% to 64%) against 17%.", "Wilson", "2,841"),
                ("detection.lag", "When could we have known?", "19:30 on 9 April; alerted 3 h later.", "replay", "96"),
                ("response.first", "When did we answer first?", "After 21 h; the plan says 60 min.", "action log", "4"),
                (
                    "response.share",
                    "How many were answered in time?",
                    "34% (31% to 37%); 58% before.",
                    "Wilson",
                    "1,120",
                ),
                ("response.effect", "Did the answer help?", "−18 points within 48 h.", "placebo windows", "240"),
                ("causes.main", "What was it about?", "41%, 23% and 11% of negative posts.", "topics", "9,402"),
                ("recovery.time", "When was it over?", "More than 6 days.", "Kaplan-Meier", "6"),
            ],
            1,
        )
    ],
}

_CHINESE: dict[str, Any] = {
    "title": "北风轮渡：周五航班超售事件复盘",
    "subtitle": "发生了什么、我们如何回应、需要改变什么",
    "brand": "北风轮渡",
    "period": "2021年4月9日 14:00 至 2021年4月16日 14:00（Asia/Shanghai）",
    "state": "draft",
    "state_text": "草稿，尚未审阅",
    "classification": "内部资料，请勿转发",
    "generated": "2021年5月2日 14:30",
    "zone": "Asia/Shanghai",
    "first_page": {
        "status": [
            {"label": "状态", "text": "草稿", "tone": "neutral"},
            {"label": "严重程度", "text": "重大（3 级，共 4 级）", "tone": "bad", "findings": ["impact.severity"]},
            {"label": "可信度", "text": "中等", "tone": "warning", "findings": ["coverage.verdict"]},
        ],
        "coverage": {
            "tone": "warning",
            "title": "最繁忙的两天采集不完整",
            "text": "4月10日和11日的导出文件恰好各有 10,000 条帖文，全部来自当天最后 3 小时。这两天的声量是下限，"
            "比例只代表晚间的情况。",
            "findings": ["coverage.verdict"],
        },
        "paragraph": [
            {
                "text": "4月9日 18:40，一段乘客被留在码头的视频首发，六小时内被转发 4,812 次。",
                "findings": ["timeline.onset"],
            },
            {
                "text": "负面帖文占比由 17% 升至 62%，比按往日推算的水平高出约 45 个百分点。",
                "findings": ["impact.negative"],
            },
            {
                "text": "我们的首次公开回应在 21 小时之后发出；它解释了“"
                "超售规则”，没有道歉，负面占比直到第二次声明后才下降。",
                "findings": ["response.first", "response.effect"],
            },
            {"text": "请董事会决定是否设立周末值班制度。"},
        ],
        "numbers": [
            {
                "label": "超出预期的声量",
                "value": "3.84万",
                "interval": "3.10万 至 4.62万",
                "baseline": "预期 9,150",
                "note": "为下限",
                "tone": "bad",
                "finding": "impact.volume",
            },
            {
                "label": "最高负面占比",
                "value": "62%",
                "interval": "60% 至 64%",
                "baseline": "此前 28 天为 17%",
                "tone": "bad",
                "finding": "impact.negative",
            },
            {
                "label": "首次公开回应用时",
                "value": "21 小时",
                "interval": "精确到分钟",
                "baseline": "预案要求：60 分钟",
                "tone": "bad",
                "finding": "response.first",
            },
            {
                "label": "按时回复比例",
                "value": "34%",
                "interval": "31% 至 37%",
                "baseline": "此前 58%",
                "tone": "warning",
                "finding": "response.share",
            },
            {
                "label": "恢复常态用时",
                "value": "超过 6 天",
                "interval": "档案先行结束",
                "tone": "neutral",
                "finding": "recovery.time",
            },
        ],
        "figure": {
            "path": "figures/timeline.svg",
            "alt": "每小时声量于4月9日晚急剧上升，五天内回落；负面帖文随之变化。",
            "title": "声量在4月9日晚间转折，比首次警报早三小时",
            "caption": "每小时帖文数：全部（蓝）与负面（红），以及我们的行动。时间为 Asia/Shanghai。",
            "finding": "timeline.onset",
        },
    },
    "sections": [
        {
            "id": "timeline",
            "title": "时间线：首发与传播节点",
            "lead": "四个时刻决定了走向，均可由档案或行动记录确定时间。",
            "blocks": [
                {
                    "kind": "table",
                    "caption": "关键时刻及来源",
                    "columns": [
                        {"label": "时间（Asia/Shanghai）"},
                        {"label": "事件"},
                        {"label": "来源"},
                        {"label": "当小时声量", "align": "right"},
                    ],
                    "rows": [
                        ["4月9日 18:40", "一名乘客在码头发布视频", "档案", "12"],
                        ["4月9日 21:10", "视频传至两家地方媒体", "档案", "1,940"],
                        ["4月10日 15:40", "第一次声明：解释超售规则", "actions.csv", "2,310"],
                        ["4月12日 09:05", "第二次声明：道歉并退款", "actions.csv", "870"],
                    ],
                    "note": "4月10日的数量为下限。",
                    "finding": "timeline.onset",
                },
                {
                    "kind": "paragraph",
                    "text": "最早可知时间为4月9日 19:30：此后每小时声量一直高于 95% 区间。",
                    "findings": ["detection.lag"],
                },
            ],
        },
        {
            "id": "causes",
            "title": "原因：促成因素、缓解因素与运气",
            "blocks": [
                {
                    "kind": "list",
                    "items": [
                        {"text": "登船时家人被分开：占负面帖文的 41%。", "findings": ["causes.main"]},
                        {"text": "退款迟迟未到：23%。", "findings": ["causes.main"]},
                    ],
                },
                {
                    "kind": "quotes",
                    "items": [
                        {
                            "text": "我们订了四个连座，两个人被留下，没有人解释一句。",
                            "id": "t-1041",
                            "when": "4月9日 19:02",
                        },
                        {"text": "第三封邮件了，还没退款😂 สวัสดีครับ", "id": "t-2210", "when": "4月11日 08:15"},
                    ],
                    "finding": "causes.main",
                },
                {
                    "kind": "callout",
                    "tone": "warning",
                    "title": "次生风险",
                    "text": "若退款再次延误，话题可能重新升温。",
                },
            ],
        },
        {
            "id": "lessons",
            "title": "经验与后续行动",
            "blocks": [
                {
                    "kind": "lesson",
                    "number": "1",
                    "verdict": "改变",
                    "tone": "bad",
                    "title": "周末无人值守",
                    "text": "首次警报比最早可知时间晚 3 小时，因为值班到周五晚间结束。",
                    "practice": "看见信号",
                    "strength": "强：由档案与行动记录确定时间",
                    "findings": ["detection.lag"],
                    "follow_up": {
                        "owner": "客户服务负责人",
                        "due": "2021年6月30日",
                        "kind": "流程",
                        "measure": "十次演练中九次在 30 分钟内发出警报",
                        "action": "设立周末值班并指定副手",
                    },
                }
            ],
        },
    ],
    "appendix": [
        {
            "id": "method",
            "title": "方法与局限",
            "blocks": [{"kind": "definition", "term": "区间", "text": "除非另有说明，均为 95% 区间（Wilson 1927）。"}],
        }
    ],
    "evidence": [
        {"number": at, "finding": finding, "title": title, "text": text, "method": method, "n": n}
        for at, (finding, title, text, method, n) in enumerate(
            [
                ("coverage.verdict", "采集有多完整？", "两天在 10,000 条处被截断。", "计数", ""),
                ("timeline.onset", "何时转折？", "4月9日 18:40，六小时内转发 4,812 次。", "CUSUM", "52,310"),
                ("impact.severity", "有多严重？", "3 级，共 4 级。", "规则", ""),
                ("impact.volume", "声量多了多少？", "3.84万（3.10万 至 4.62万）。", "反事实推算", "672"),
                ("impact.negative", "有多负面？", "62%（60% 至 64%），此前 17%。", "Wilson", "2,841"),
                ("detection.lag", "最早何时可知？", "4月9日 19:30，警报晚 3 小时。", "回放", "96"),
                ("response.first", "何时首次回应？", "21 小时后；预案要求 60 分钟。", "行动记录", "4"),
                ("response.share", "多少得到按时回复？", "34%（31% 至 37%），此前 58%。", "Wilson", "1,120"),
                ("response.effect", "回应是否有用？", "48 小时内 −18 个百分点。", "安慰剂窗口", "240"),
                ("causes.main", "话题是什么？", "占负面帖文的 41% 与 23%。", "主题", "9,402"),
                ("recovery.time", "何时结束？", "超过 6 天。", "Kaplan-Meier", "6"),
            ],
            1,
        )
    ],
}

HOSTILE = (
    '<script>alert(1)</script> </style><img src=x onerror=alert(2)> #import "@preview/cetz:0.3.0" #panic("no") $x^2$ '
    "**bold** [link](javascript:alert(3)) `code` =cmd|' /C calc'!A0 {{ 7 * 7 }} {% raw %} \\u{202e} \u202eevil\u202c "
    "\u2066iso\u2069 nul:\x00 bell:\x07 lone:\ud800 שלום "
    "עולם مرحبا بالعالم สวัสดีครับ 한국어 ❤️ 👩🏽‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇬🇧 1️⃣ "
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L ł ﷽ \ue000 \ufffd \ufeff e\u0301 字\u0301 // */ /* " + "W" * 10_000
)


_SHEETS = {
    "en": ("What is to be done", "Where it started", "A passenger's video, posted on 9 April at 18:40.", "Open"),
    "zh": ("处置建议", "首发", "4 月 9 日 18:40 由一名乘客发布的视频。", "进行中"),
}


def _sheet(language: str) -> dict[str, Any]:
    """A sheet with the blocks that only sheets bear."""
    title, term, text, state = _SHEETS[language]
    lesson = next(
        block
        for section in (_ENGLISH if language == "en" else _CHINESE)["sections"]
        for block in section["blocks"]
        if block["kind"] == "lesson"
    )
    return {
        "id": "sheet",
        "title": title,
        "sheet": True,
        "blocks": [
            {
                "kind": "figure",
                "path": "figures/timeline.svg",
                "alt": text,
                "finding": "impact.volume",
            },
            {"kind": "briefs", "items": [{"term": term, "text": text, "findings": ["timeline.onset"]}] * 3},
            {
                "kind": "asks",
                "note": text,
                "items": [
                    {
                        "number": lesson["number"],
                        "lesson": lesson["title"],
                        "findings": lesson["findings"],
                        "tone": "bad",
                        **lesson["follow_up"],
                        "state": state,
                    }
                ],
            },
        ],
    }


def document(language: str = "en") -> Document:
    """A document with one of everything; its figures are written by `write_figures`."""
    words = _ENGLISH if language == "en" else _CHINESE
    quotes = next(block for section in words["sections"] for block in section["blocks"] if block["kind"] == "quotes")
    holding = [
        {
            **entry,
            "group": entry["title"],
            "certainty": entry["title"],
            "blocks": [{**quotes, "items": quotes["items"][:1]}],
        }
        if entry["finding"] == quotes["finding"]
        else entry
        for entry in words["evidence"]
    ]
    told = {**words, "sections": [_sheet(language), *words["sections"]], "evidence": holding}
    return Document.model_validate({"language": language, "labels": LABELS[language], **told})


def hostile(language: str = "en") -> Document:
    """`document` with HOSTILE in every text that is not one of the page's own words."""

    def worse(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            kind = value.get("kind")
            return {
                key: item
                if key in _WORDS_OF_OURS and not (key == "id" and kind is None and "when" in value)
                else worse(item, key)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [worse(item, name) for item in value]
        return HOSTILE if isinstance(value, str) else value

    plain = document(language).model_dump()
    return Document.model_validate(worse(plain))


_WORDS_OF_OURS = {"language", "labels", "path", "id", "finding", "findings", "kind", "tone", "source", "align", "state"}


def write_figures(folder: Path) -> None:
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "timeline.svg").write_text(FIGURE, encoding="utf-8")
