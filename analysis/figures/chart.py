"""The figure that every drawing returns. Imported where it is drawn, since matplotlib is slow to load."""

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from analysis.style import matplotlib as style


class Chart(Figure):
    """A figure apart from pyplot, which a notebook shows as PNG."""

    def __init__(self, height: float, width: float = style.WIDTH) -> None:
        super().__init__(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(self)

    def _repr_png_(self) -> bytes:
        return self.png(dpi=144)

    def png(self, dpi: int = 144) -> bytes:
        """The figure as PNG, the same bytes each time."""
        buffer = io.BytesIO()
        with style.look():
            self.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
        return buffer.getvalue()
