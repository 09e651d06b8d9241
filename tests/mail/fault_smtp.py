"""An SMTP server that does as it is told, and remembers what it was told.

A fault is looked up by the stage a connection is in: "greeting", "EHLO",
"STARTTLS", "handshake", "AUTH", "MAIL", "RCPT", "DATA", "DOT" (the text is
in, no answer yet), "DONE" (it was accepted) and "QUIT". Its value is a reply
in place of the usual one, "hang", "drip" (a reply that never ends), "close",
or a function that is called and may return one of those.
"""
import base64
import re
import socket
import ssl
import threading
import time

USUAL = {
    "greeting": "220 localhost ESMTP",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 OK",
    "RCPT": "250 2.1.5 OK",
    "DATA": "354 go ahead",
    "DOT": "250 2.0.0 accepted",
    "QUIT": "221 2.0.0 bye",
}


class Gone(Exception):
    """The connection ends here."""


class Connection:
    def __init__(self, server, sock):
        self.server = server
        self.sock = sock
        self.file = sock.makefile("rb")
        self.tls = False
        self.login = None
        self.sender = self.recipient = None

    def send(self, text):
        self.sock.sendall(text.encode() + b"\r\n")

    def hang(self):
        while not self.server.closing.wait(0.05):
            self.sock.settimeout(0.01)
            try:
                if self.sock.recv(1) == b"":
                    break
            except (TimeoutError, ssl.SSLWantReadError):
                continue
        raise Gone

    def drip(self):
        while not self.server.closing.wait(0.3):
            self.sock.sendall(b"2")
        raise Gone

    def stage(self, name, usual=None):
        """Says what is usual at this stage, or does what it was told."""
        fault = self.server.fault(name, self.recipient)
        if callable(fault):
            fault = fault()
        if fault == "hang":
            self.hang()
        if fault == "drip":
            self.drip()
        if fault == "close":
            raise Gone
        reply = fault or usual or USUAL.get(name)
        if reply:
            self.send(reply)
        return reply and reply[0] in "23"

    def offer(self):
        words = ["localhost", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if self.server.pipelining:
            words.append("PIPELINING")
        if self.server.tls and not self.tls:
            words.append("STARTTLS")
        if self.server.offer_auth:
            words.append("AUTH " + self.server.offer_auth)
        return "\r\n".join(f"250{'-' if i < len(words) - 1 else ' '}{word}"
                           for i, word in enumerate(words))

    def start_tls(self):
        if self.stage("STARTTLS"):
            self.stage("handshake")
            self.sock = self.server.tls.wrap_socket(self.sock,
                                                    server_side=True)
            self.file = self.sock.makefile("rb")
            self.tls = True

    def log_in(self, words):
        def decode(text):
            return base64.b64decode(text).decode()
        if words[1].upper() == "LOGIN":  # libesmtp begins with the name
            self.send("334 " + base64.b64encode(b"Password:").decode())
            answer = (decode(words[2]), decode(self.file.readline()))
        else:
            answer = tuple(decode(words[2]).split("\0")[1:])
        if self.stage("AUTH"):
            self.login = answer

    def take_text(self):
        if not self.stage("DATA"):
            return
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise Gone
            lines.append(line[1:] if line.startswith(b".") else line)
        mail = dict(sender=self.sender, recipient=self.recipient,
                    text=b"".join(lines), tls=self.tls, login=self.login)
        if not self.recipient:
            self.send("554 no valid recipients")
        elif self.stage("DOT"):
            self.server.mails.append(mail)
            self.stage("DONE")

    def command(self, line):
        words = line.decode().split()
        verb = words[0].upper()
        self.server.seen.append(verb)
        address = re.search(r"<(.*)>", line.decode())
        if verb in ("EHLO", "HELO"):
            self.stage("EHLO", self.offer())
        elif verb == "STARTTLS":
            self.start_tls()
        elif verb == "AUTH":
            self.log_in(words)
        elif verb == "MAIL":
            self.sender = address[1]
            self.stage("MAIL")
        elif verb == "RCPT":
            self.recipient = address[1]
            if not self.stage("RCPT"):
                self.recipient = None
        elif verb == "DATA":
            self.take_text()
        elif verb == "QUIT":
            self.stage("QUIT")
            raise Gone
        else:
            self.send("502 what?")

    def run(self):
        try:
            if not self.stage("greeting"):
                self.file.readline()
                return
            while line := self.file.readline():
                self.command(line)
        except (Gone, OSError):
            pass
        finally:
            self.sock.close()


class Server:
    def __init__(self, tls=None, offer_auth=None, pipelining=True, port=0,
                 faults=()):
        self.tls = tls
        self.offer_auth = offer_auth
        self.pipelining = pipelining
        self.faults = list(faults)
        self.mails = []  # accepted
        self.seen = []   # verbs
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def fault(self, stage, recipient):
        """The first that fits; each is used as often as it says."""
        with self.lock:
            for fault in self.faults:
                if fault["stage"] != stage or fault.get("times", 1) == 0:
                    continue
                if fault.get("recipient", recipient) != recipient:
                    continue
                fault["times"] = fault.get("times", 1) - 1
                return fault["do"]
        return None

    def accept(self):
        while True:
            try:
                sock, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=Connection(self, sock).run,
                             daemon=True).start()

    def texts(self, recipient):
        return [m["text"] for m in self.mails if m["recipient"] == recipient]

    def wait_for(self, condition, seconds=5):
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            time.sleep(0.01)
        return condition()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.closing.set()
        # A blocked accept() keeps a listening socket alive: wake it first.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
