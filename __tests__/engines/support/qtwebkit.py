# Drives QtWebKit: a command a line on standard input, its result a line on standard output, both JSON. It draws into memory alone.
import json
import sys

from PyQt5.QtCore import QEvent, QPoint, QSocketNotifier, Qt, QTimer, QUrl
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtNetwork import QNetworkCookieJar
from PyQt5.QtTest import QTest
from PyQt5.QtWebKit import QWebSettings
from PyQt5.QtWebKitWidgets import QWebPage, QWebView
from PyQt5.QtWidgets import QApplication

KEYS = {
    "Tab": Qt.Key_Tab,
    "Enter": Qt.Key_Return,
    "Escape": Qt.Key_Escape,
    "Space": Qt.Key_Space,
    "ArrowRight": Qt.Key_Right,
}


class Page(QWebPage):
    def javaScriptConsoleMessage(self, message, line, source):
        sys.stderr.write("%s:%d: %s\n" % (source, line, message))

    def javaScriptAlert(self, frame, message):
        sys.stderr.write("alert: %s\n" % message)


class Driver:
    def __init__(self, width, height):
        QWebSettings.globalSettings().setAttribute(QWebSettings.LocalStorageEnabled, True)
        self.view = QWebView()
        self.view.setPage(Page(self.view))
        self.view.resize(width, height)
        self.view.show()
        self.view.activateWindow()
        self.view.setFocus()
        self.at = QPoint(0, 0)
        self.held = Qt.NoButton
        self.loading = False
        self.view.loadFinished.connect(self.loaded)
        self.forget()

    def goto(self, url):
        # What is still loading ends first, and tells so: that is no news of this page.
        self.view.stop()
        self.loading = True
        self.view.load(QUrl(url))

    def loaded(self, arrived):
        if self.loading:
            self.loading = False
            say({"value": None} if arrived else {"error": "the page did not load"})

    def evaluate(self, expression):
        script = "(function () { try { return JSON.stringify({ value: %s }) } catch (e) { return JSON.stringify({ error: String(e) }) } })()"
        told = self.view.page().mainFrame().evaluateJavaScript(script % expression)
        say(json.loads(told) if told else {"error": "no page"})

    def mouse(self, steps):
        for step in steps:
            kind, button = QEvent.MouseMove, Qt.NoButton
            if step == "down":
                kind, button, self.held = QEvent.MouseButtonPress, Qt.LeftButton, Qt.LeftButton
            elif step == "up":
                kind, button, self.held = QEvent.MouseButtonRelease, Qt.LeftButton, Qt.NoButton
            else:
                self.at = QPoint(round(step[0]), round(step[1]))
            event = QMouseEvent(kind, self.at, button, self.held, Qt.NoModifier)
            QApplication.sendEvent(self.view, event)
        say({"value": None})

    def keys(self, keys):
        for key in keys:
            held = Qt.NoModifier
            if key.startswith("Shift+"):
                held, key = Qt.ShiftModifier, key[6:]
            QTest.keyClick(self.view, KEYS.get(key, key), held)
        say({"value": None})

    def forget(self):
        self.view.page().networkAccessManager().setCookieJar(QNetworkCookieJar())


def say(result):
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


def main():
    application = QApplication(["qtwebkit"])
    driver = Driver(int(sys.argv[1]), int(sys.argv[2]))

    def hear():
        line = sys.stdin.readline()
        if not line:
            return application.quit()
        command = json.loads(line)
        if "goto" in command:
            driver.goto(command["goto"])
        elif "evaluate" in command:
            driver.evaluate(command["evaluate"])
        elif "mouse" in command:
            driver.mouse(command["mouse"])
        elif "keys" in command:
            driver.keys(command["keys"])
        else:
            driver.forget()
            say({"value": None})

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Read)
    notifier.activated.connect(hear)
    QTimer.singleShot(0, lambda: say({"ready": True}))
    sys.exit(application.exec_())


main()
