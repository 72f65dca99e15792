"""decode.py FILE: the data of an HTML page as lines "depth before self old name", in the order of the file; the names' bytes as in
Python's repr. render/html_data.h describes the format."""
import base64, re, struct, sys

page = open(sys.argv[1], "rb").read()


class Block:
    def __init__(self, name):
        head, text = re.search(rb'<script id="' + name + rb'"([^>]*)>([A-Za-z0-9+/=]*)</script>', page).groups()
        self.data = {key.decode(): int(value) for key, value in re.findall(rb'data-(\w+)="(\d+)"', head)}
        self.bytes, self.at = base64.b64decode(text, validate=True), 0

    def take(self, size):
        self.at += size
        return self.bytes[self.at - size : self.at]

    def integer(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def weight(self):
        return self.integer() if self.data["whole"] else struct.unpack("<d", self.take(8))[0]


block, names, name = Block(b"names"), [], b""
for i in range(block.data["count"]):
    shared = block.integer()
    name = name[:shared] + block.take(block.integer())
    block.take(3)
    names.append(name)
assert block.at == len(block.bytes)

block, expected = Block(b"frames"), 0
for i in range(block.data["count"]):
    head = block.integer()
    depth = expected - (head >> 2)
    name = block.integer()
    name = names[name] if i else b"(root)"
    before = block.weight() if head & 2 else 0
    own = block.weight() if head & 1 else 0
    old = block.weight() if block.data["compared"] else 0
    print(depth, before, own, old, repr(name)[2:-1])
    expected = depth + 1
assert block.at == len(block.bytes)
