#include "sampler/elf_memory.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "sampler/remote.h"

enum { MOST_SEGMENTS = 256, MOST_DYNAMIC = 512, MOST_CHAIN = 4096 };

/* The parts of a loaded file that symbols are found by; addresses in the process. */
struct dynamic {
	pid_t pid;
	uint64_t bias, symbols, strings, hash;
};

/* The loader has made some of these pointers addresses in the process, others are as in the file. */
static uint64_t absolute(const struct dynamic *dynamic, uint64_t pointer)
{
	return pointer < dynamic->bias ? pointer + dynamic->bias : pointer;
}

static bool read_dynamic(struct dynamic *dynamic, uint64_t address)
{
	Elf64_Dyn entries[MOST_DYNAMIC];
	size_t count = MOST_DYNAMIC;
	while (count && !remote_read(dynamic->pid, address, entries, count * sizeof *entries))
		count /= 2;
	for (size_t i = 0; i < count && entries[i].d_tag != DT_NULL; i++) {
		if (entries[i].d_tag == DT_SYMTAB)
			dynamic->symbols = absolute(dynamic, entries[i].d_un.d_ptr);
		else if (entries[i].d_tag == DT_STRTAB)
			dynamic->strings = absolute(dynamic, entries[i].d_un.d_ptr);
		else if (entries[i].d_tag == DT_GNU_HASH)
			dynamic->hash = absolute(dynamic, entries[i].d_un.d_ptr);
	}
	return dynamic->symbols && dynamic->strings && dynamic->hash;
}

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

static bool is_named(const struct dynamic *dynamic, uint32_t number, const char *name, Elf64_Sym *symbol)
{
	char text[64];
	size_t size = strlen(name) + 1;
	return remote_read(
		       dynamic->pid, dynamic->symbols + (uint64_t)number * sizeof *symbol, symbol, sizeof *symbol) &&
	       remote_read(dynamic->pid, dynamic->strings + symbol->st_name, text, size) &&
	       memcmp(text, name, size) == 0;
}

/* DT_GNU_HASH: counts of buckets, number of the first symbol, words of a filter, its shift; the filter; the buckets
 * (the first symbol of each); a hash for each symbol, whose lowest bit marks the last one of a bucket. */
static uint64_t find_symbol(const struct dynamic *dynamic, const char *name)
{
	uint32_t head[4], first = 0, entry, hash = hash_of(name);
	Elf64_Sym symbol;
	if (!remote_read(dynamic->pid, dynamic->hash, head, sizeof head) || !head[0])
		return 0;
	uint64_t buckets = dynamic->hash + sizeof head + 8 * (uint64_t)head[2],
		 chains = buckets + 4 * (uint64_t)head[0];
	if (!remote_read(dynamic->pid, buckets + 4 * (uint64_t)(hash % head[0]), &first, sizeof first) ||
		first < head[1])
		return 0;
	for (uint32_t number = first; number - first < MOST_CHAIN; number++) {
		if (!remote_read(dynamic->pid, chains + 4 * (uint64_t)(number - head[1]), &entry, sizeof entry))
			return 0;
		if ((entry | 1) == (hash | 1) && is_named(dynamic, number, name, &symbol))
			return symbol.st_shndx == SHN_UNDEF ? 0 : symbol.st_value;
		if (entry & 1)
			return 0;
	}
	return 0;
}

static void find_facts(const struct dynamic *dynamic, struct elf_facts *facts)
{
	unsigned char code[ELF_HEAD_BYTES];
	facts->runtime = find_symbol(dynamic, "_PyRuntime");
	facts->version = find_symbol(dynamic, "Py_Version");
	facts->current_thread = find_symbol(dynamic, "_PyThreadState_Current");
	facts->python2 = find_symbol(dynamic, "PyString_Type") != 0;
	uint64_t head = facts->runtime ? 0 : find_symbol(dynamic, "PyInterpreterState_Head");
	if (head && remote_read(dynamic->pid, head + dynamic->bias, code, sizeof code))
		facts->interp_head = elf_decode_head(head, code);
}

/* The version text is looked for in what is mapped of the file and not writable. */
static void find_version(pid_t pid, const struct maps *maps, const struct mapping *first, struct elf_facts *facts)
{
	enum { MOST_TEXT = 16 << 20 };
	for (size_t i = 0; i < maps->count && !facts->text_version; i++) {
		const struct mapping *mapping = &maps->list[i];
		uint64_t size = mapping->end - mapping->start;
		if (mapping->inode != first->inode || mapping->device != first->device || !mapping->readable ||
			mapping->writable || size > MOST_TEXT)
			continue;
		char *text = mem_alloc(size);
		if (remote_read(pid, mapping->start, text, size))
			facts->text_version = elf_scan_version(text, size);
		free(text);
	}
}

bool elf_read_memory(pid_t pid, const struct maps *maps, const struct mapping *first, struct elf_facts *facts)
{
	Elf64_Ehdr header;
	Elf64_Phdr segments[MOST_SEGMENTS];
	struct dynamic dynamic = {.pid = pid};
	uint64_t place = 0;
	bool loads = false;
	*facts = (struct elf_facts){0};
	if (first->offset || !remote_read(pid, first->start, &header, sizeof header) ||
		memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
		header.e_phentsize != sizeof *segments || header.e_phnum > MOST_SEGMENTS ||
		!remote_read(pid, first->start + header.e_phoff, segments, header.e_phnum * sizeof *segments))
		return false;
	for (size_t i = 0; i < header.e_phnum; i++) {
		if (segments[i].p_type == PT_LOAD && !loads) {
			facts->first_load = segments[i].p_vaddr & ~(uint64_t)4095;
			facts->first_offset = segments[i].p_offset & ~(uint64_t)4095;
			loads = true;
		}
		if (segments[i].p_type == PT_DYNAMIC)
			place = segments[i].p_vaddr;
	}
	dynamic.bias = first->start - facts->first_load;
	if (!loads || !place || !read_dynamic(&dynamic, place + dynamic.bias))
		return false;
	find_facts(&dynamic, facts);
	if (!facts->runtime && !facts->interp_head)
		return false;
	if (facts->runtime && !facts->version)
		find_version(pid, maps, first, facts);
	return true;
}
