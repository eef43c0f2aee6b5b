"""Replies that close a case in public (definitions C12, loop closure), by rules in English and Chinese.

A closure says that this customer's trouble is over or was settled ("glad it works now", "we've sorted this by DM"), or
that we are glad to hear so. What is promised, hoped or asked is none, nor is a mere farewell.
"""

from collections.abc import Sequence

import numpy as np

from analysis.scoring.outcomes import clauses, plain
from analysis.scoring.signs import Accuracy, column, found

PRECISION = Accuracy(0.8594, 0.7595, 0.9281, 64)
"""Share of the replies found that close a case; n: replies found.

On 206 English replies of one streaming service's support account (spotify-2017), labelled by one reader after the rules
were frozen; `python -m tests.benchmarks.closures` computes it. No Chinese reply has been measured.
"""
RECALL = Accuracy(0.8990, 0.1540, 0.9317, 57)
"""Share of the closures that are found, on the same replies; n: closures. Its interval is wide for want of labels
among replies that hold no glad word: none of 42 was a closure, of thousands that they stand for."""
_CLOSED = (
    r"\b(?:glad|happy|great|good|pleased|delighted|what we (?:like|love))\b.{0,12}\b(?:to hear|to know|hearing)\b"
    r"|\bglad to see\b"
    r"|\b(?:glad|happy|pleased|delighted)\b.{0,25}\b(?:could|able to|worked|works|working|helped|did the trick"
    r"|sorted|fixed|got|figured|resolved|solved)\b"
    r"|\b(?:we|i|team|colleagues?)\b.{0,10}\b(?:have|'ve|has|just|now)\b.{0,12}\b(?:sorted|fixed|resolved|solved"
    r"|refunded|closed|settled|credited)\b"
    r"|\b(?:has|have|was|is|it's|that's|all) (?:now |been |all |just )*(?:sorted|fixed|resolved|solved|refunded"
    r"|settled|credited)\b"
    r"|\b(?:resolved|sorted|settled|fixed) (?:this |it |things )?(?:in|via|over|by|through) (?:dm|direct|e-?mail"
    r"|phone|private|chat)"
    r"|\bthanks for (?:letting us know|confirming|the update) .{0,20}(?:work|sort|fix)"
)
_NOT_CLOSED = (
    r"\b(?:not|isn't|n't|sorry|hope|hopefully|if it|if this|if that|whether|once|when|until|will|we'll|to get"
    r"|get this|get it|working on|soon|can you|could you"
    r"|would be|we'd be|should|looking into|any luck)\b|\?[^\pL\pN]*$|\bsorry to hear\b"
)
_CLOSED_ZH = (
    "很高兴(?:能|可以)?(?:帮|为|解决|听)|(?:已|已经)(?:为您|帮您|给您|经|成功|核实并)*(?:解决|处理(?:完毕|好|完成)"
    "|退款|退回|办理(?:完毕|完成)|办结|修复|结案)"
    "|(?:问题|事情|工单)(?:已|已经|都)(?:解决|处理|关闭)|能帮到您|(?:私信|电话|后台).{0,10}(?:已|已经)?(?:解决"
    "|处理好|处理完)|圆满解决"
)
_NOT_CLOSED_ZH = (
    "未|没|如果|若|尚|待|将|会尽快|正在|请(?:您)?(?:先|私信|提供)|希望|[吗么][^\\pL\\pN]*$|\\?[^\\pL\\pN]*$"
)


def closes(texts: Sequence[str]) -> np.ndarray:
    """bool (n,): whether each reply of ours closes a case."""
    parts, of = clauses(plain(column(texts)))
    holds = (found(parts, _CLOSED) & ~found(parts, _NOT_CLOSED)) | (
        found(parts, _CLOSED_ZH) & ~found(parts, _NOT_CLOSED_ZH)
    )
    return np.bincount(of[holds], minlength=len(texts)).astype(bool)
