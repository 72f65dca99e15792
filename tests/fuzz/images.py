"""Changes memory images of pysample (tests/pysample/images) at random: pointers that lead elsewhere, in circles or nowhere, huge lengths, lost blocks."""
import random, re, struct

BLOCK = 1024
words = (0, 1, 3, 7, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 1 << 40, 1 << 47, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, (1 << 64) - 8, (1 << 64) - 1024)


def without_folders(stacks):
    """A dump without the folders of the machine that the image was made on."""
    return re.sub(rb"(?m)^/[^\n:]*/(lib/python|target\.py:)", rb"\1", stacks)


def split(data):
    """(text before the first block, [(address, bytearray)])"""
    at = data.index(b"block ")
    text, blocks = data[:at], []
    while data.startswith(b"block ", at):
        end = data.index(b"\n", at) + 1
        blocks.append((int(data[at + 6:end - 1], 16), bytearray(data[end:end + BLOCK])))
        at = end + BLOCK
    return text, blocks


def change_word(blocks):
    address, block = random.choice(blocks)
    at = random.randrange(0, BLOCK, random.choice((8, 8, 8, 4, 1)))
    other, other_block = random.choice(blocks)
    kind = random.randrange(6)
    if kind == 0:
        value = random.choice(words)
    elif kind == 1:
        value = other + random.randrange(0, BLOCK, 8)
    elif kind == 2:
        value = address + at - random.choice((0, 8, 16, 24, 32, 72))
    elif kind == 3:
        value = struct.unpack_from("<Q", other_block, random.randrange(0, BLOCK, 8))[0]
    elif kind == 4:
        value = struct.unpack_from("<Q", block.ljust(BLOCK + 8, b"\0"), at)[0] + random.choice((-8, -1, 1, 8, 16, 256, 1 << 20))
    else:
        value = random.getrandbits(64)
    block[at:at + 8] = struct.pack("<Q", value & (1 << 64) - 1)[:BLOCK - at]


def change(data):
    """One changed copy of an image (not gzipped)."""
    text, blocks = split(data)
    for _ in range(random.choice((1, 3, 10, 30, 100, 300, 1000))):
        change_word(blocks)
    if random.random() < 0.2:
        del blocks[random.randrange(len(blocks))]
    if random.random() < 0.1:
        text = bytearray(text)
        for _ in range(random.choice((1, 5, 50))):
            text[random.randrange(len(text))] = random.choice(b"0123456789abcdef \n-\xff")
    out = bytes(text) + b"".join(b"block %x\n" % a + bytes(b) for a, b in blocks)
    return out[:random.randrange(len(out))] if random.random() < 0.1 else out


options = (["-d"], ["-d", "--json"], [], ["--threads", "--nonstop"], ["-d", "--style", "py-spy"], ["--mode", "wall", "--style", "austin"], ["--exceptions", "--nonstop"], ["--mode", "exception"])
