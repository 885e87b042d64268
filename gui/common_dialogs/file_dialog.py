"""Chooses a file or folder: in the system's dialog where there is one, else in Qt's with our icons."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QDir, QModelIndex, QPersistentModelIndex, QSize, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeView,
    QWidget,
)

from engine.project.existence import is_folder, is_there, nearest_folder
from engine.project.file import SUFFIX
from gui.common_dialogs.question import Question
from gui.theme import Theme

PROJECTS = f"Torchloom projects (*{SUFFIX})"
ALL = "All files (*)"
SIZE = (900, 560)
SIDEBAR_PX = 190
ICON_PX = 16
MAX_RECENT = 5
_STANDARD_FOLDERS = (
    QStandardPaths.StandardLocation.HomeLocation,
    QStandardPaths.StandardLocation.DesktopLocation,
    QStandardPaths.StandardLocation.DocumentsLocation,
    QStandardPaths.StandardLocation.DownloadLocation,
)
_BUTTONS = {
    "backButton": ("chevron-left", "Back"),
    "forwardButton": ("chevron-right", "Forward"),
    "toParentButton": ("chevron-up", "The folder above"),
    "newFolderButton": ("plus", "New folder"),
}
_HIDDEN_BUTTONS = ("listModeButton", "detailModeButton")
_PATH_ROLE = Qt.ItemDataRole.UserRole + 1  # the path of an entry in the list, the URL of one in the sidebar
_TYPE_COLUMN = 2


class FileDialog(QFileDialog):
    """Asks once. ``folders``: those in the sidebar after the user's own, such as of recent files."""

    def __init__(self, parent: QWidget | None, theme: Theme, title: str, folders: Iterable[Path] = ()) -> None:
        super().__init__(parent, title)
        self._theme = theme
        self.setSidebarUrls([QUrl.fromLocalFile(str(folder)) for folder in sidebar_folders(folders)])
        self.setViewMode(QFileDialog.ViewMode.Detail)
        for part, text in (
            (QFileDialog.DialogLabel.LookIn, "Folder"),
            (QFileDialog.DialogLabel.FileName, "Name"),
            (QFileDialog.DialogLabel.FileType, "Show"),
            (QFileDialog.DialogLabel.Reject, "Cancel"),
        ):
            self.setLabelText(part, text)
        self._is_qt_dialog = self.findChild(QTreeView, "treeView") is not None
        if self._is_qt_dialog:
            self._apply_theme()

    def to_open(self, folder: Path, filters: str) -> Path | None:
        """Ask for an existing file."""
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.setNameFilter(filters)
        return self._ask(folder, "Open")

    def to_save(self, proposal: Path, filters: str) -> Path | None:
        """Ask where to write; a name without a suffix gets that of the proposal."""
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        self.setNameFilter(filters)
        self.setDefaultSuffix(proposal.suffix.removeprefix("."))
        self.selectFile(proposal.name)
        return self._ask(proposal.parent, "Save")

    def to_choose_folder(self, folder: Path) -> Path | None:
        """Ask for a folder."""
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly)
        for name in ("fileTypeLabel", "fileTypeCombo"):  # folders have no types
            if part := self.findChild(QWidget, name):
                part.hide()
        return self._ask(folder, "Choose")

    def _ask(self, folder: Path, accept: str) -> Path | None:
        self.setLabelText(QFileDialog.DialogLabel.Accept, accept)
        for box in self.findChildren(QDialogButtonBox):  # those of the style do not match ours
            for button in box.buttons():
                button.setIcon(QIcon())
        self.setDirectory(str(nearest_folder(folder)))  # if the folder was renamed, its parent shows the new name
        accepted = bool(self.exec())
        paths = self.selectedFiles() if accepted else []
        self.deleteLater()
        return Path(paths[0]) if paths else None

    def accept(self) -> None:
        """Ask before a file is replaced, with a `Question`; a dialog of the system asks by itself."""
        if self.acceptMode() is QFileDialog.AcceptMode.AcceptSave and self._is_qt_dialog:
            self.setOption(QFileDialog.Option.DontConfirmOverwrite)
            existing = [path for path in map(Path, self.selectedFiles()) if is_there(path) and not is_folder(path)]
            if existing and not self._may_replace(existing[0]):
                return
        super().accept()

    def _may_replace(self, path: Path) -> bool:
        more = f"{path.parent} has a file of that name. Its content will be lost."
        question = Question("replace", f"Replace {path.name}?", more, self)
        question.offer(None, "Cancel", default=True)
        question.offer("replace", "Replace")
        return question.ask() is not None

    # Qt's own dialog

    def _apply_theme(self) -> None:
        self.resize(*SIZE)
        self.setContentsMargins(6, 4, 6, 4)
        icons = _Icons(self._theme, self)
        self.setItemDelegate(icons)
        for name, (icon, tip) in _BUTTONS.items():
            if button := self.findChild(QToolButton, name):
                button.setIcon(self._theme.icon(icon))
                button.setIconSize(QSize(ICON_PX, ICON_PX))
                button.setToolTip(tip)
        for name in _HIDDEN_BUTTONS:
            if button := self.findChild(QToolButton, name):
                button.hide()
        if combo := self.findChild(QComboBox, "lookInCombo"):
            combo.setIconSize(QSize(0, 0))
        for label in self.findChildren(QLabel):
            label.setProperty("voice", "dim")
        if side := self.findChild(QAbstractItemView, "sidebar"):
            side.setItemDelegate(icons)
            side.setIconSize(QSize(ICON_PX, ICON_PX))
        if splitter := self.findChild(QSplitter, "splitter"):
            splitter.setSizes([SIDEBAR_PX, SIZE[0] - SIDEBAR_PX])
        self._style_list()

    def _style_list(self) -> None:
        tree = self.findChild(QTreeView, "treeView")
        if tree is None:
            return
        tree.setIconSize(QSize(ICON_PX, ICON_PX))
        tree.setColumnHidden(_TYPE_COLUMN, True)
        header = tree.header()
        header.setStretchLastSection(False)
        for column in range(header.count()):
            mode = QHeaderView.ResizeMode.ResizeToContents if column else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, mode)


class _Icons(QStyledItemDelegate):
    """Paints entries with our icons; an icon provider would be called from another thread."""

    def __init__(self, theme: Theme, parent: QFileDialog) -> None:
        super().__init__(parent)
        self._folder, self._file = theme.icon("folder", "accent"), theme.icon("file", "text_dim")
        self._project = theme.icon("graph", "accent")

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if index.column() > 0:
            return
        path = index.data(_PATH_ROLE)
        if isinstance(path, QUrl) or index.model().hasChildren(index):
            icon = self._folder
        else:
            icon = self._project if str(path).endswith(SUFFIX) else self._file
        option.icon = icon
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration


def sidebar_folders(folders: Iterable[Path]) -> list[Path]:
    """The folders of the sidebar: the user's own, the first of ``folders``, and the root."""
    standard = [Path(path) for each in _STANDARD_FOLDERS if (path := QStandardPaths.writableLocation(each))]
    others = list(dict.fromkeys(folders))[:MAX_RECENT]
    return [path for path in dict.fromkeys((*standard, *others, Path(QDir.rootPath()))) if is_folder(path)]
