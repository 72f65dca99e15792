#include "sampler/remote.h"

#include <errno.h>
#include <sys/uio.h>

#include "sampler/image.h"

enum { MOST_PIECES = 512, MOST_GAP = 1024 };

static bool read_memory(pid_t pid, uint64_t address, void *to, size_t size)
{
	struct iovec local = {to, size}, remote = {(void *)(uintptr_t)address, size};
	ssize_t got = process_vm_readv(pid, &local, 1, &remote, 1, 0);
	if (got >= 0 && (size_t)got < size)
		errno = EFAULT;
	return got >= 0 && (size_t)got == size;
}

/* All blocks that hold a part of what was read. */
static void record(pid_t pid, uint64_t address, size_t size)
{
	unsigned char bytes[IMAGE_BLOCK];
	for (uint64_t block = address - address % IMAGE_BLOCK; block < address + size; block += IMAGE_BLOCK)
		if (read_memory(pid, block, bytes, sizeof bytes))
			image_keep(block, bytes);
}

bool remote_read(pid_t pid, uint64_t address, void *to, size_t size)
{
	if (image_is_loaded())
		return image_read(address, to, size);
	bool got = read_memory(pid, address, to, size);
	if (got && image_is_recording())
		record(pid, address, size);
	return got;
}

/* Bytes between the piece and the one before it that are read with them, which is cheaper than a segment of its own; -1
 * if it has one. */
static ssize_t gap_before(const struct piece *pieces, size_t i)
{
	uint64_t end = i ? pieces[i - 1].address + pieces[i - 1].size : 0;
	if (!i || pieces[i].address < end || pieces[i].address - end > MOST_GAP)
		return -1;
	return (ssize_t)(pieces[i].address - end);
}

bool remote_is_joined(const struct piece *pieces, size_t i)
{
	return gap_before(pieces, i) >= 0;
}

/* The number of pieces that the first `got` bytes fill. */
static size_t whole_pieces(const struct piece *pieces, size_t count, size_t got)
{
	size_t whole = 0;
	for (size_t i = 0; i < count; i++, whole++) {
		ssize_t gap = gap_before(pieces, i);
		size_t size = pieces[i].size + (gap > 0 ? (size_t)gap : 0);
		if (got < size)
			break;
		got -= size;
	}
	return whole;
}

/* One call; the kernel stops at the first piece that cannot be read. */
static size_t read_some(pid_t pid, const struct piece *pieces, size_t count)
{
	static struct iovec local[2 * MOST_PIECES], remote[MOST_PIECES];
	static unsigned char between[MOST_GAP];
	size_t locals = 0, remotes = 0;
	for (size_t i = 0; i < count; i++) {
		ssize_t gap = gap_before(pieces, i);
		if (gap < 0)
			remote[remotes++] = (struct iovec){(void *)(uintptr_t)pieces[i].address, pieces[i].size};
		else
			remote[remotes - 1].iov_len += (size_t)gap + pieces[i].size;
		if (gap > 0)
			local[locals++] = (struct iovec){between, (size_t)gap};
		local[locals++] = (struct iovec){pieces[i].to, pieces[i].size};
	}
	ssize_t got = process_vm_readv(pid, local, locals, remote, remotes, 0);
	return whole_pieces(pieces, count, got > 0 ? (size_t)got : 0);
}

size_t remote_read_pieces(pid_t pid, const struct piece *pieces, size_t count)
{
	size_t done = 0;
	if (image_is_loaded()) {
		while (done < count && image_read(pieces[done].address, pieces[done].to, pieces[done].size))
			done++;
		return done;
	}
	while (done < count) {
		size_t part = count - done < MOST_PIECES ? count - done : MOST_PIECES;
		size_t got = read_some(pid, pieces + done, part);
		done += got;
		if (got < part)
			break;
	}
	for (size_t i = 0; i < done && image_is_recording(); i++)
		record(pid, pieces[i].address, pieces[i].size);
	return done;
}

uint64_t remote_word(pid_t pid, uint64_t address)
{
	uint64_t word = 0;
	return remote_read(pid, address, &word, sizeof word) ? word : 0;
}
