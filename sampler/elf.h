/* What the sampler wants from an ELF file: where the interpreter's state is. */
#ifndef SAMPLER_ELF_H
#define SAMPLER_ELF_H

#include <stdbool.h>
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
	unsigned text_version; /* minor version by a version string in .rodata, such as "3.9.2"; 0: none found */
};

/* False if it is no 64-bit ELF file that can be read. */
bool elf_read(int fd, struct elf_facts *facts);

#endif
