/* What elf.h finds in a file, out of its copy in the process's memory: for files that are deleted and cannot be opened,
 * and for those without section headers. */
#ifndef SAMPLER_ELF_MEMORY_H
#define SAMPLER_ELF_MEMORY_H

#include "sampler/elf.h"
#include "sampler/maps.h"

/* `first` is the file's first mapping, in `maps`. False if it holds no symbols of an interpreter. */
bool elf_read_memory(pid_t pid, const struct maps *maps, const struct mapping *first, struct elf_facts *facts);

#endif
