/* What the sampler wants from an ELF file: where the interpreter's state is. */
#ifndef SAMPLER_ELF_H
#define SAMPLER_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Addresses as in the file (add the load bias); 0: not there. */
struct elf_facts {
	uint64_t runtime;        /* _PyRuntime, or the section .PyRuntime */
	uint64_t version;        /* Py_Version, a 32-bit number as PY_VERSION_HEX (3.11 and on) */
	uint64_t interp_head;    /* interp_head (up to 3.6) */
	uint64_t current_thread; /* _PyThreadState_Current (up to 3.6) */
	uint64_t first_load;     /* p_vaddr of the segment with file offset `first_offset`, rounded down to its page */
	uint64_t first_offset;
	bool python2;          /* PyString_Type is there */
	unsigned text_version; /* see elf_scan_version */
};

/* False if it is no 64-bit ELF file that can be read. */
bool elf_read(int fd, struct elf_facts *facts);

/* The minor version that a text such as "3.9.2" alone between NULs tells; 0: there is none. Only 3.7 to 3.10, which do
 * not say it otherwise: other numbers are SQLite's. */
unsigned elf_scan_version(const char *text, size_t size);
/* Up to 3.6 interp_head is no exported symbol, but PyInterpreterState_Head is, and does nothing but to return it: the
 * address in its code, 0 if it is another code. `address` is the function's. */
enum { ELF_HEAD_BYTES = 12 };
uint64_t elf_decode_head(uint64_t address, const unsigned char code[ELF_HEAD_BYTES]);

#endif
