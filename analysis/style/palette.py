"""Colour tokens, as sRGB hex: the same in figures, web page and PDF.

Text tokens keep a contrast of at least 4.5 on PAPER and on TINT, drawn ones at least 3 on PAPER (WCAG 2.2, 1.4.3 and
1.4.11). What must be told apart differs in lightness too, so that it survives a grey print and colour blindness.
"""

PAPER = "#FFFFFF"
TINT = "#F2F5F9"  # call-outs, the incident's window in a chart
RULE = "#D3D9E2"  # hairlines, grids
INK = "#1A2330"
MUTED = "#56616F"
BRAND = "#12375F"  # deep blue: cover, headings
ACCENT = "#1D62A8"  # links, the one thing to look at

STATUS = {"good": "#1B6E4A", "warning": "#8A5A00", "bad": "#A3261B"}
STATUS_TINT = {"good": "#E7F3ED", "warning": "#FBF2DF", "bad": "#FBEBE9"}

SENTIMENT = {"negative": "#8F1D14", "neutral": "#6B7480", "positive": "#3E9CC9"}

VOLUME = "#6F8FB3"
VOLUME_PARTIAL = "#B9C8DA"
EXPECTED = "#1A2330"
ONSET = "#B45309"
HATCH = "#98A2AF"

SERIES = ("#12375F", "#C8691C", "#2C8573", "#9A5FA8", "#7F8894")
"""Series in order of use; more than five are better shown as small panels."""

SHADES = ("#F4F6F9", "#D4E1EF", "#A3C0DD", "#6B97C4", "#3A6CA3", "#12375F")
"""From nothing to most, for counts by powers of ten."""

TEXT_TOKENS = (INK, MUTED, BRAND, ACCENT, *STATUS.values())


def luminance(colour: str) -> float:
    """Relative luminance (0 black to 1 white) of a "#RRGGBB" colour, after WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 (none) to 21 (black on white), after WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
