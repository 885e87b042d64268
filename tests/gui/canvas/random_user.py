"""A user who does anything anywhere on the canvas, at random."""

from collections.abc import Callable
from random import Random

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from gui.canvas.canvas import Canvas
from tests.gui.canvas.hand import ALT, CTRL, LEFT, RIGHT, SHIFT, Hand

KEY = Qt.Key


class RandomUser:
    """A user who does anything anywhere, at random."""

    def __init__(self, canvas: Canvas, hand: Hand, chance: Random) -> None:
        self.canvas, self.hand, self.chance = canvas, hand, chance

    def act(self) -> str:
        name, do = self.chance.choice([*self._acts().items()])
        do()
        self._leave_open()
        return name

    def _acts(self) -> dict[str, Callable[[], object]]:
        hand, at = self.hand, self._somewhere
        keys = {
            "delete": (KEY.Key_Delete,), "heal": (KEY.Key_Delete, SHIFT), "bypass": (KEY.Key_M,), "join": (KEY.Key_J,),
            "copy": (KEY.Key_C, CTRL), "cut": (KEY.Key_X, CTRL), "paste": (KEY.Key_V, CTRL),
            "paste wired": (KEY.Key_V, CTRL | SHIFT), "duplicate": (KEY.Key_D, CTRL), "all": (KEY.Key_A, CTRL),
            "upstream": (KEY.Key_BracketLeft,), "downstream": (KEY.Key_BracketRight,), "tidy": (KEY.Key_L,),
            "row": (KEY.Key_H, SHIFT), "column": (KEY.Key_V, SHIFT), "spread": (KEY.Key_H, CTRL | ALT),
            "walk": (KEY.Key_Right,), "nudge": (KEY.Key_Down, CTRL), "escape": (KEY.Key_Escape,),
            "block": (KEY.Key_G, CTRL | SHIFT), "unpack": (KEY.Key_U, CTRL | SHIFT),
            "independent": (KEY.Key_U, CTRL | ALT), "dive": (KEY.Key_Return,), "out": (KEY.Key_Up, CTRL),
            "fit": (KEY.Key_Home,),
        }  # fmt: skip
        return {name: (lambda key=key: hand.key(*key)) for name, key in keys.items()} | {
            "click": lambda: hand.click(at()),
            "add to selection": lambda: hand.click(at(), keys=SHIFT),
            "dot": lambda: hand.click(at(), keys=ALT),
            "drag": lambda: hand.drag(at(), at()),
            "drag far": lambda: hand.drag(at(), at(), at(), keys=self.chance.choice((SHIFT, CTRL, ALT))),
            "wire": lambda: hand.drag(self._port(), self._port()),
            "wire by clicks": self._click_wire,
            "pull a wire": lambda: hand.drag(self._port(), at()),
            "swipe": lambda: hand.drag(at(), at(), at(), button=RIGHT, keys=self.chance.choice((SHIFT, CTRL))),
            "add": lambda: (hand.key(KEY.Key_Tab), self._choose()),
            "add there": lambda: (hand.double_click(at()), self._choose()),
            "block with a name": lambda: (hand.key(KEY.Key_G, CTRL | SHIFT), self._write()),
            "frame": lambda: hand.key(KEY.Key_G, CTRL),
            "note": lambda: (hand.key(KEY.Key_N, SHIFT), self._write()),
            "break off": lambda: (hand.press(at(), LEFT), hand.move(at()), hand.key(KEY.Key_Escape), hand.release()),
            "wheel": lambda: hand.wheel(at(), self.chance.choice((-1, 1))),
            "undo": self.canvas.scene.document.history.undo,
            "redo": self.canvas.scene.document.history.redo,
        }

    def _somewhere(self) -> QPointF:
        """On a node, on a wire, or on nothing."""
        scene, chance = self.canvas.scene, self.chance
        places = [item.scene_rect.center() for item in scene.nodes_so_far.values()]
        places += [item.path.pointAtPercent(0.5) for item in scene.wires_so_far.values()]
        visible_rect = self.canvas.view.visible_rect
        free = QPointF(
            chance.uniform(visible_rect.left(), visible_rect.right()),
            chance.uniform(visible_rect.top(), visible_rect.bottom()),
        )
        return chance.choice([*places, free, free])

    def _port(self) -> str | QPointF:
        nodes = self.canvas.scene.nodes
        spots = [(name, spot) for name, item in nodes.items() for spot in (*item.look.inputs, *item.look.outputs)]
        if not spots:
            return self._somewhere()
        name, spot = self.chance.choice(spots)
        return f"{name}{'<' if spot.is_input else '.'}{spot.port}"

    def _click_wire(self) -> None:
        self.hand.click(self._port())
        to = self._port()
        self.hand.move(to)
        self.hand.click(to)

    def _choose(self) -> None:
        popup = self.canvas.layer_popup.search
        if popup.isVisible():
            self.hand.type(self.chance.choice(("relu", "linear", "cat", "stem", "loss", "lstm", "zzz")), popup.field)
            self.hand.key(self.chance.choice((KEY.Key_Return, KEY.Key_Escape)), widget=popup.field)

    def _write(self) -> None:
        field = QApplication.focusWidget()
        if field is not None and field.objectName() == "inline_editor":
            self.hand.type("words", field)
            self.hand.key(self.chance.choice((KEY.Key_Return, KEY.Key_Escape)), CTRL, widget=field)

    def _leave_open(self) -> None:
        """Close what is open after an act: the next one begins on the canvas."""
        self._choose()
        field = QApplication.focusWidget()
        if field is not None and field.objectName() == "inline_editor":
            self.hand.key(KEY.Key_Escape, widget=field)
        if self.canvas.view.gesture:
            self.hand.key(KEY.Key_Escape)
        self.canvas.view.setFocus()
