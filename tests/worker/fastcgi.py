"""The web server's side of FastCGI 1.0, one request a connection."""
import dataclasses
import json
import socket
import struct

BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT = range(1, 7)
RESPONDER = 1
CONTENT_MAX = 65535
ANSWER_MAX_S = 20


def record(kind, content=b"", padding=0, request=1, version=1, length=None):
    """`length` may lie about what follows."""
    length = len(content) if length is None else length
    return struct.pack(">BBHHBx", version, kind, request, length,
                       padding) + content + bytes(padding)


def begin(role=RESPONDER, flags=0):
    return record(BEGIN_REQUEST, struct.pack(">HB5x", role, flags))


def stream(kind, data):
    """A whole stream with the empty record that ends it."""
    return b"".join(record(kind, data[i:i + CONTENT_MAX])
                    for i in range(0, len(data), CONTENT_MAX)) + record(kind)


def size(n):
    return bytes([n]) if n < 128 else struct.pack(">I", n | 1 << 31)


def pair(name, value):
    name, value = name.encode(), value.encode("utf-8", "surrogateescape")
    return size(len(name)) + size(len(value)) + name + value


@dataclasses.dataclass
class Request:
    """What nginx would pass on.  A dict as body is sent as JSON."""
    method: str
    uri: str
    body: bytes | dict = b""
    kind: str = "application/json"
    length: int | str | None = None  # None: the truth
    ip: str = "192.0.2.1"
    headers: dict = dataclasses.field(default_factory=dict)

    def encode(self):
        body = self.body
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        path, _, query = self.uri.partition("?")
        length = len(body) if self.length is None else self.length
        params = {"REQUEST_METHOD": self.method, "DOCUMENT_URI": path,
                  "QUERY_STRING": query, "REMOTE_ADDR": self.ip}
        if body or self.length is not None:
            params |= {"CONTENT_TYPE": self.kind,
                       "CONTENT_LENGTH": str(length)}
        params |= {"HTTP_" + name.upper().replace("-", "_"): value
                   for name, value in self.headers.items()}
        return begin() + stream(
            PARAMS, b"".join(pair(*p) for p in params.items())) + \
            stream(STDIN, body)


@dataclasses.dataclass
class Answer:
    status: int
    headers: list  # of (name in lower case, value)
    body: bytes

    def header(self, name):
        return ", ".join(v for n, v in self.headers if n == name)

    def json(self):
        return json.loads(self.body)

    def cookie(self, name):
        for header, value in self.headers:
            if header == "set-cookie" and value.startswith(name + "="):
                return value.split(";")[0]
        return None


def decode(data):
    """The answer in a connection's records; None when there is none."""
    out, ended = b"", False
    while data:
        if len(data) < 8:
            raise ValueError("half a record")
        _, kind, _, length, padding = struct.unpack(">BBHHBx", data[:8])
        if len(data) < 8 + length + padding:
            raise ValueError("a record cut short")
        if kind == STDOUT:
            out += data[8:8 + length]
        ended = ended or kind == END_REQUEST
        data = data[8 + length + padding:]
    if not ended or not out:
        return None
    head, _, body = out.partition(b"\r\n\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in
               (line.partition(":") for line in head.decode().split("\r\n"))]
    status = next(int(v[:3]) for n, v in headers if n == "status")
    return Answer(status, headers, body)


def connect(path):
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(ANSWER_MAX_S)
    sock.connect(str(path))
    return sock


def read_all(sock):
    """To the end, however it comes."""
    data = b""
    try:
        while piece := sock.recv(1 << 16):
            data += piece
    except ConnectionError:
        pass
    return data


def ask(path, request):
    """None when the connection ended without a whole answer."""
    with connect(path) as sock:
        try:
            sock.sendall(request.encode())
        except ConnectionError:
            pass  # refused early; there may be an answer
        try:
            return decode(read_all(sock))
        except ValueError:
            return None
