"""The colours of page and PDF, under the names that both templates use."""

from analysis.style import palette

TOKENS: dict[str, str] = {
    "band": palette.BRAND,
    "band_text": palette.PAPER,
    "band_muted": "#D5DFEB",
    "accent": palette.ACCENT,
    "ink": palette.INK,
    "muted": palette.MUTED,
    "line": palette.RULE,
    "paper": palette.PAPER,
    "tint": palette.TINT,
    **palette.STATUS,
    **{f"{tone}_tint": colour for tone, colour in palette.STATUS_TINT.items()},
    "neutral": palette.BRAND,
    "neutral_tint": palette.TINT,
}
