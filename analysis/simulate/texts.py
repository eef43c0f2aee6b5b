"""The files of the sample that people write by hand: archive, incidents, actions, plan, read-me."""

from analysis.simulate import story

ARCHIVE_YML = """\
# What this archive is made of: four quarterly exports of a listening tool, whose ends overlap.
name: larkwheel-2025
sources:
  - mentions-2025-q*.csv
format: auto
# Column of the mentions table: column of the file.
columns:
  id: Post ID
  published_at: Date (UTC)
  author: Author
  author_followers: Followers
  text: Text
  kind: Type
  parent_id: In reply to
  thread_id: Thread
  likes: Likes
  replies: Comments
  reposts: Shares
  views: Views
  platform: Platform
  language: Language
  brand: Topic
  url: URL
time_zone: UTC            # the export's times carry no zone of their own
query: larkwheel OR 雀轮 OR hopspoke OR 蹦驰
"""

_INCIDENT = """\
id: {id}
title: {title}
titles: {{zh: {titled}}}
archives: [larkwheel-2025]
brand: Larkwheel                   # its label in the archive's column "Topic"
brand_accounts:                    # who speaks for the brand
  - Larkwheel
  - LarkwheelHelp
  - 雀轮单车
  - 雀轮单车客服
brand_terms: [larkwheel, 雀轮单车, 雀轮]   # masked before scoring: a name is neither praise nor blame
exclusions: []                     # mentions that hold one of these phrases are left out
time_zone: Asia/Singapore          # for display, and for times below that carry no zone
window:                            # half-open: the end is the first moment that no longer counts
  start: "{start}"
  end: "{end}"
baseline_days: {baseline}
after_days: 14
controls: [Hopspoke]               # a competitor in the same archive
languages: [en, zh]
taxonomy: ../../taxonomy.yml        # causes to look for; complaints that fit none form causes of their own
crisis_type: {type}
severity: {severity}                        # 1 minor to 4 severe: which of the plan's promises apply
report_languages: [en, zh]
report_editions: {editions}
state: draft
"""
_ABOUT = {
    story.OUTAGE.id: ("Bikes that could not be unlocked", "technical failure", 2, 56, "大面积无法开锁"),
    story.BRAKES.id: ("Brake failures of the 2023 series", "product safety", 4, 90, "2023 款单车刹车失灵"),
    story.PRICE.id: ("The new price of the monthly pass", "pricing", 2, 90, "月卡涨价"),
}
SEVERITY = {identity: about[2] for identity, about in _ABOUT.items()}
INCIDENT_YML = {
    crisis.id: _INCIDENT.format(
        id=crisis.id,
        title=title,
        start=crisis.onset,
        end=crisis.end,
        type=kind,
        severity=severity,
        baseline=baseline,
        titled=titled,
        editions="[internal, external]" if crisis is story.BRAKES else "[internal]",
    )
    for crisis, (title, kind, severity, baseline, titled) in ((crisis, _ABOUT[crisis.id]) for crisis in story.CRISES)
}

_HEADER = "when,actor,kind,channel,text,link\n"
ACTIONS = {
    story.OUTAGE.id: _HEADER
    + """\
2025-03-20 08:14,operations,detected,monitoring,Unlock rate below 40%,
2025-03-20 08:25,social desk,acknowledged,"murmur, weiyu",First answers to customers,
2025-03-20 08:30,head of operations,plan_activated,internal,Level 2,
2025-03-20 08:50,communications,statement,"murmur, weiyu","Fault is ours, updates every hour",
2025-03-20 13:30,managing director,apology,"murmur, weiyu",Locks work again; we are sorry,
2025-03-20 13:30,managing director,compensation,"murmur, weiyu","Double charges go back, three days for passes",
2025-03-22 12:00,finance,correction,mail,All double charges returned,
2025-03-23 18:00,head of operations,closed,internal,Back to normal,
""",
    story.BRAKES.id: _HEADER
    + """\
2025-07-09 17:40,social desk,detected,inbox,"Agent notices the video of the ramp, passes it on by mail",
2025-07-09 22:30,social desk,acknowledged,"murmur, weiyu",Standard answers to the first complaints,
2025-07-10 09:15,legal,legal,internal,Wording of the statement to be cleared by counsel,
2025-07-10 12:00,communications,statement,"murmur, weiyu","Isolated cases, both brakes",
2025-07-10 18:00,managing director,plan_activated,internal,Level 4,
2025-07-11 09:00,managing director,escalation,internal,Board informed after the district office's letter,
2025-07-11 14:00,communications,outside_help,internal,Crisis adviser called in,
2025-07-11 20:00,managing director,apology,"murmur, weiyu",First statement was wrong; 1840 bikes locked,
2025-07-12 10:00,managing director,compensation,"murmur, weiyu","Treatment paid, passes and deposits refunded",
2025-07-15 11:00,head of operations,explanation,"murmur, weiyu","Cable, pull test, unowned inbox",
2025-07-18 10:00,managing director,closed,internal,Handed to the quality team,
""",
    story.PRICE.id: _HEADER
    + """\
2025-11-04 10:00,product,statement,"murmur, weiyu",New passes from 18 November,
2025-11-04 13:20,social desk,detected,inbox,Complaints above the usual,
2025-11-04 13:45,social desk,acknowledged,"murmur, weiyu",Customers sent to the form and to private messages,
2025-11-06 15:00,support lead,channel_change,app,Questions about charges moved to a form,
2025-11-10 17:00,product,closed,internal,No change of the price,
""",
}

PLAN_YML = """\
# What Larkwheel promised itself for a crisis.
team:
  - {role: crisis lead, person: managing director, deputy: head of operations, decides: [plan_activated, closed]}
  - {role: spokesperson, person: communications, deputy: product, decides: [statement]}
  - {role: social desk, person: support lead, deputy: duty agent}
  - {role: legal, person: outside counsel}
levels:                       # 1 minor to 4 severe; hours from the first complaint
  - {level: 1, first_response_hours: 8, first_statement_hours: 48, convene: [social desk]}
  - {level: 2, first_response_hours: 4, first_statement_hours: 12, convene: [social desk, spokesperson]}
  - {level: 3, first_response_hours: 2, first_statement_hours: 6, convene: [social desk, spokesperson, crisis lead]}
  - {level: 4, first_response_hours: 1, first_statement_hours: 3,
     convene: [social desk, spokesperson, crisis lead, legal]}
channels: [murmur, weiyu, kerbside, app, mail]
approvals: [crisis lead, legal]
support_resources:
  - hotline 0800 555 0100
  - help page larkwheel.example/help
  - injury care desk care@larkwheel.example
holding_statements:
  - We know about it, we are looking into it, and we will write here again within the hour.
  - 我们已了解情况，正在核实，一小时内在此更新。
reviewed_on: 2024-02-12
trained_on: 2023-10-05
"""

KEYWORDS: dict[str, list[str]] = {
    "unlock": ["unlock", "scan", "app", "login", "开锁", "扫码"],
    "double_charge": ["charged twice", "double", "refund", "wallet", "扣款", "重复", "到账"],
    "ride_not_ending": ["end ride", "timer", "still running", "还车", "计费", "结束行程"],
    "support_silent": ["hold", "ticket", "hotline", "reply", "客服", "工单", "排队"],
    "brakes": ["brake", "crash", "lever", "hospital", "刹车", "失灵", "摔"],
    "statement": ["statement", "isolated cases", "apology", "rider misuse", "声明", "个别", "甩锅"],
    "refund": ["refund", "deposit", "pass", "credit", "退款", "押金", "年卡"],
    "staff": ["rude", "agent", "hotline", "hung up", "态度", "客服", "挂电话"],
    "report_form": ["report", "crashes", "form", "photo", "上报", "闪退", "提交"],
    "removal": ["collect", "still there", "van", "pick up", "回收", "坏车", "还在"],
    "price": ["price", "pass", "more expensive", "increase", "涨价", "月卡", "起步价"],
    "cancel": ["cancel", "auto-renewal", "renewed", "unsubscribe", "自动续费", "取消", "退订"],
    "parking_fee": ["parking", "zone", "fee", "fined", "停车点", "调度费", "罚"],
}

README = f"""\
# The sample

A workspace whose truth is known: one year ({story.START.year}) of mentions of Larkwheel (雀轮单车), which rents
electric bikes in Kestrel Bay (红隼湾), and of its competitor Hopspoke (蹦驰单车). Company, city, people, posts and
platforms (the microblogs murmur and weiyu, the forum kerbside) are invented; no real person or company is meant.
Likeness to one is chance.

Made by `python -m analysis.simulate data/sample` from the seed {story.SEED}: do not edit the files, change
`analysis/simulate/` and run it again. The same seed gives the same bytes; a test compares them.

- `archives/larkwheel-2025/`: `archive.yml` and four quarterly exports. They overlap by 18 hours (duplicates, with newer
  counts in the later file) and hold 12 rows that cannot be read. The forum records no followers, shares or views, weiyu
  no views: they are empty, not 0.
- `incidents/`: `{story.OUTAGE.id}` (answered fast and well), `{story.BRAKES.id}` (serious, answered late and from
  templates; what `make postmortem` runs) and `{story.PRICE.id}` (moderate, a cause that recurs, customers
  sent elsewhere).
- `plan.yml`: what the company promised itself.
- `taxonomy.yml`: the causes it looks for in complaints; written by hand, not made from the seed.
- `pseudonym.key`: the key that pseudonyms are made with. It is public here because the people are invented. The key of
  a real workspace never goes into git.

The truth, which no analysis reads: `incidents/*/truth.json` (onset, peak, half-life, causes and their shares, answers,
templates, effect of the response, what was to be expected without the incident, what the plan promised, and under
`lessons` what a review should learn, with the rules that may tell it), `archives/*/truth.json` (accounting,
the joyful Lantern Ride of August, which is a buzz and no crisis) and `archives/*/truth_labels.csv` (of each customer's
mention: origin, cause, sentiment; a repost has those of what it repeats). Causes' shares are of the complaints that the
incident brought, reposts not counted.
"""
