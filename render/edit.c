#include "render/edit.h"

/* Where the deepest frame with one of the names starts; false if there is none. */
static bool find_base(struct text stack, const struct opt_list *bases, size_t *start)
{
	bool found = false;
	for (size_t at = 0; at < stack.size;) {
		const char *semicolon = memchr(stack.at + at, ';', stack.size - at);
		struct text frame = {stack.at + at, semicolon ? (size_t)(semicolon - stack.at) - at : stack.size - at};
		for (size_t i = 0; i < bases->count; i++)
			if (text_is(frame, bases->items[i])) {
				*start = at;
				found = true;
			}
		at += frame.size + 1;
	}
	return found;
}

/* "a;b;--;c;d" -> "a;b;--;c_[w];d_[w]": what woke the first part up. */
static void mark_wakers(struct text stack, struct buffer *out)
{
	bool waker = false;
	for (size_t at = 0; at < stack.size;) {
		const char *semicolon = memchr(stack.at + at, ';', stack.size - at);
		struct text frame = {stack.at + at, semicolon ? (size_t)(semicolon - stack.at) - at : stack.size - at};
		if (at)
			buffer_add_char(out, ';');
		buffer_add(out, frame.at, frame.size);
		if (text_is(frame, "--"))
			waker = true;
		else if (waker)
			buffer_add_string(out, "_[w]");
		at += frame.size + 1;
	}
}

bool edit_stack(struct text stack, struct buffer *out, void *context)
{
	const struct edit *edit = context;
	size_t start = 0;
	if (edit->bases.count && !find_base(stack, &edit->bases, &start))
		return false;
	stack.at += start;
	stack.size -= start;
	if (edit->chain)
		mark_wakers(stack, out);
	else
		buffer_add(out, stack.at, stack.size);
	return true;
}
