/* What frames show of code objects: names and lines, read once; each use checks that the code object is still the same.
 */
#ifndef SAMPLER_CODECACHE_H
#define SAMPLER_CODECACHE_H

#include "common/stacks.h"
#include "sampler/linetable.h"
#include "sampler/walk.h"

enum frame_style {
	STYLE_DEFAULT, /* Class.func (file.py:12) */
	STYLE_PYFLAME, /* file:func:12 */
	STYLE_AUSTIN,  /* file:Class.func:12 */
};

struct frame_naming {
	enum frame_style style;
	bool no_lines;
	bool first_lines; /* the line where the function starts, not the current one */
	bool classes;     /* up to 3.10: names of methods begin with their class, guessed from self or cls */
	bool full_paths;  /* else paths are cut to what lies in the package */
};

struct codecache;

struct codecache *codecache_new(const struct target *target, const struct frame_naming *naming, struct intern *names);
void codecache_free(struct codecache *cache);
/* The number (in `names`) of the frame's text. The snapshot is read for what tells code objects apart. False if it has
 * no code object, or the instruction is not inside it. */
bool codecache_name(struct codecache *cache, struct snapshot *snapshot, const struct frame_ref *frame, uint32_t *name);
/* What codecache_name does late for frames whose code object was not known: notes the class of a method's first
 * argument, which may be another object once the thread runs again; or that of an exception's mark. */
void codecache_guess_class(struct codecache *cache, struct snapshot *snapshot, struct frame_ref *frame);
/* True if the code object at this address was named before, as far as is known. */
bool codecache_knows(const struct codecache *cache, uint64_t code);
/* How often a code object that was named before was found replaced by another. */
unsigned long codecache_replaced(const struct codecache *cache);
/* Reads into the snapshot, with one call, what codecache_name needs of these code objects (0: none). Sorts them. */
void codecache_fetch(struct codecache *cache, struct snapshot *snapshot, uint64_t *codes, size_t count);
/* True if the code object at `code`, named before, is a generator's or coroutine's: such a frame always has a caller.
 */
bool codecache_is_generator(const struct codecache *cache, uint64_t code);

#endif
