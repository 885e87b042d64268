"""Notices above the bottom of a page."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gui.shell.banners import Card
from gui.state.notices import Notice
from tests.gui.shell.window_parts import button
from tests.windows import windows_shown


def test_a_notice_is_a_strip_with_its_choices(window, qtbot):
    answers = []
    choices = (("Do it", lambda: answers.append(1)),)
    window.context.notices.show(Notice("topic", "Something is so.", "warning", choices))
    strip = window.frame.findChild(QWidget, "banner_topic")
    assert strip.isVisible()
    qtbot.mouseClick(button(window, "banner_topic_do_it"), Qt.MouseButton.LeftButton)
    assert answers == [1]
    assert not window.context.notices.by_topic
    assert not window.frame.findChild(QWidget, "banners").isVisible()


def test_a_notice_moves_nothing_and_covers_no_tab_or_button(window, laid_out):
    canvas, pages = window.panels["canvas"], window.pages
    spot = canvas.view.viewportTransform().map(canvas.scene.nodes["conv1"].scene_rect.center()).toPoint()
    before = [each.mapToGlobal(QPoint(0, 0)) for each in (canvas.view.viewport(), *window.panels.values())]
    for topic in ("one", "two"):
        window.context.notices.show(Notice(topic, "Something is so, and it takes many words to say that. " * 3))
    QApplication.processEvents()
    assert before == [each.mapToGlobal(QPoint(0, 0)) for each in (canvas.view.viewport(), *window.panels.values())]
    QTest.mouseClick(window.frame.windowHandle(), Qt.MouseButton.LeftButton, pos=canvas.view.viewport().mapTo(
        window.frame, spot))  # fmt: skip
    assert window.context.selection.single == "conv1"
    banners = window.banners
    assert banners.geometry().top() > pages.height() / 2
    assert banners.geometry().bottom() < pages.height()
    cards = [banners.findChild(QWidget, f"banner_{topic}") for topic in ("one", "two")]
    for card in cards:
        assert all(label.height() >= label.heightForWidth(label.width()) for label in card.findChildren(QLabel)[1:])
    assert not cards[0].geometry().intersects(cards[1].geometry())
    assert not banners.geometry().intersects(canvas.minimap.geometry().translated(canvas.mapTo(pages, QPoint(0, 0))))


def test_the_search_and_the_card_of_a_node_do_not_overlap_a_notice(window, laid_out):
    canvas, actions = window.panels["canvas"], window.context.actions
    window.context.notices.show(Notice("topic", "Something is so, and it takes many words to say that. " * 3))
    top = canvas.mapFromGlobal(window.banners.mapToGlobal(QPoint(0, 0))).y()
    for name in ("head", "label"):  # the lowest
        window.context.selection.select((name,))
        actions["graph.add"].trigger()
        assert canvas.layer_popup.search.geometry().bottom() < top
        QTest.keyClick(canvas.layer_popup.search.field, Qt.Key.Key_Escape)
        actions["graph.info"].trigger()
        assert canvas.info.card.isVisible()
        assert canvas.info.card.geometry().bottom() < top
        actions["graph.info"].trigger()


def test_a_notice_does_not_take_the_focus(window, laid_out):
    window.focus_panel("canvas")
    notice = Notice("topic", "Something is so.", choices=(("Do it", lambda: None),))
    with windows_shown() as windows:
        window.context.notices.show(notice)
        QTest.mouseClick(button(window, "banner_topic_do_it"), Qt.MouseButton.LeftButton)
    assert not windows
    assert not window.context.notices.by_topic
    assert QApplication.focusWidget() is window.panels["canvas"].view


def test_a_new_notice_ignores_clicks_for_a_moment(window, laid_out, monkeypatch):
    monkeypatch.setattr("gui.shell.banners.IGNORE_CLICKS_MS", 60_000)
    answers = []
    notice = Notice("topic", "Something is so.", choices=(("Do it", lambda: answers.append(1)),))
    window.context.notices.show(notice)
    QCursor.setPos(button(window, "banner_topic_do_it").mapToGlobal(QPoint(5, 5)))
    window.context.notices.remove("topic")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.context.notices.show(notice)
    do_it = button(window, "banner_topic_do_it")
    QTest.mouseClick(do_it, Qt.MouseButton.LeftButton)
    assert (answers, list(window.context.notices.by_topic)) == ([], ["topic"])
    window.banners.findChild(Card, "banner_topic").ignoring_clicks.stop()
    QTest.mouseClick(do_it, Qt.MouseButton.LeftButton)
    assert (answers, list(window.context.notices.by_topic)) == ([1], [])
    QCursor.setPos(QPoint(0, 0))


def test_fitting_leaves_room_for_a_notice(window, laid_out):
    canvas = window.panels["canvas"]
    window.context.notices.show(Notice("topic", "Something is so, and it takes many words to say that. " * 3))
    window.frame.activateWindow()
    canvas.view.setFocus()
    QTest.keyClick(canvas.view, Qt.Key.Key_Home)
    lowest = max(item.scene_rect.bottom() for item in canvas.scene.nodes.values())
    top = canvas.mapFromGlobal(window.banners.mapToGlobal(QPoint(0, 0))).y()
    assert canvas.view.viewportTransform().map(QPointF(0, lowest)).y() < top
