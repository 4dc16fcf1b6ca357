"""Field canvas: the pictures that a field view consists of, one above the other.

They are painted by Qt alone: what Python paints keeps training waiting, which wants the interpreter as well.
It knows nothing of what the pictures show.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPen, QPixmap, QTransform
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPixmapItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from ganstudio.gui.widgets.ink import Ink


class Sheet(Ink):
    """A clear picture to draw in, whose memory is Qt's.

    ``width``, ``height``, ``breadth``, ``edge``: in pixels of the device, of which ``ratio`` make one of the
    widget.
    """

    def __init__(self, width: int, height: int, breadth: int = 1, edge: int = 2, ratio: float = 1.0) -> None:
        self.wanted = width, height, breadth, edge, ratio
        columns, rows = width + 2 * edge, height + 2 * edge
        self.image = QImage(columns, rows, QImage.Format.Format_ARGB32_Premultiplied)
        self.image.setDevicePixelRatio(ratio)
        pixels = np.frombuffer(self.image.bits(), np.uint32).reshape(rows, columns)
        super().__init__(pixels, breadth, edge)
        self.clear()


class FieldCanvas(QGraphicsView):
    """A heat map, a picture that stays, a picture that moves, and a frame. It lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._heat, self._still, self._moving = (QGraphicsPixmapItem() for _ in range(3))
        self._heat.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._edge = QGraphicsRectItem()
        # Made here: PySide 6.11 took items that the scene made itself for deleted, in every other run.
        for item in (self._heat, self._still, self._moving, self._edge):
            self._scene.addItem(item)
        self.setScene(self._scene)
        self.setProperty("role", "canvas")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setInteractive(False)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_ground(self, ground: QColor, frame: QColor) -> None:
        """Take the colour behind everything, and that of the frame around it."""
        self.setBackgroundBrush(ground)
        self._edge.setPen(QPen(frame, 1))
        self._edge.setRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        self.setSceneRect(QRectF(self.rect()))

    def show_heat(self, colours: NDArray[np.uint32] | None, room: QRectF) -> None:
        """Show colours [rows, columns] 0xAARRGGBB, smoothed, the first row on top; ``None`` for none."""
        self._heat.setVisible(colours is not None)
        if colours is not None:
            rows, columns = colours.shape
            kind = QImage.Format.Format_RGB32
            image = QImage(np.ascontiguousarray(colours).data, columns, rows, 4 * columns, kind)
            self._heat.setPixmap(QPixmap.fromImage(image.copy()))
            across, down = room.width() / columns, room.height() / rows
            self._heat.setTransform(QTransform(across, 0, 0, down, room.left(), room.top()))

    def show_still(self, sheet: Sheet) -> None:
        """Show the picture that stays."""
        _show(self._still, sheet)

    def show_moving(self, sheet: Sheet) -> None:
        """Show the picture that moves."""
        _show(self._moving, sheet)


def _show(item: QGraphicsPixmapItem, sheet: Sheet) -> None:
    # It shares the memory of the sheet: nothing is copied.
    item.setPixmap(QPixmap.fromImage(sheet.image))
    corner = -sheet.edge / sheet.image.devicePixelRatio()
    item.setPos(corner, corner)
