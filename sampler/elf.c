#include "sampler/elf.h"

#include <gelf.h>
#include <libelf.h>
#include <stddef.h>
#include <string.h>

enum { MOST_SEGMENTS = 1024 };

/* What is found on the way to the facts. */
struct finding {
	struct elf_facts *facts;
	uint64_t head_function; /* PyInterpreterState_Head */
};

static void take_symbol(const char *name, uint64_t value, struct finding *finding)
{
	static const struct {
		const char *name;
		size_t place;
	} wanted[] = {
		{"_PyRuntime", offsetof(struct elf_facts, runtime)},
		{"Py_Version", offsetof(struct elf_facts, version)},
		{"interp_head", offsetof(struct elf_facts, interp_head)},
		{"_PyThreadState_Current", offsetof(struct elf_facts, current_thread)},
	};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (strcmp(name, wanted[i].name) == 0)
			memcpy((char *)finding->facts + wanted[i].place, &value, sizeof value);
	if (strcmp(name, "PyInterpreterState_Head") == 0)
		finding->head_function = value;
	if (strcmp(name, "PyString_Type") == 0)
		finding->facts->python2 = true;
}

static void read_symbols(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, struct finding *finding)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym symbol;
	if (!data || !header->sh_entsize)
		return;
	size_t count = data->d_size / header->sh_entsize;
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_shndx == SHN_UNDEF || !symbol.st_value)
			continue;
		const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (name && (name[0] == '_' || name[0] == 'P' || name[0] == 'i'))
			take_symbol(name, symbol.st_value, finding);
	}
}

/* The minor version of a string "3.8.18" that stands alone between NULs. */
static void scan_version(Elf_Scn *section, struct elf_facts *facts)
{
	Elf_Data *data = elf_getdata(section, NULL);
	if (!data || !data->d_buf || facts->text_version)
		return;
	const char *at = data->d_buf, *end = at + data->d_size;
	while (end - at > 8 &&
		(at = memmem(at, (size_t)(end - at),
			 "\0"
			 "3.",
			 3)) != NULL &&
		end - at > 12) {
		unsigned minor = 0;
		const char *digit = at + 3;
		while (*digit >= '0' && *digit <= '9' && minor < 100)
			minor = minor * 10 + (unsigned)(*digit++ - '0');
		at += 3;
		if (*digit != '.' || minor < 6 || minor > 99)
			continue;
		for (digit++; digit < end && *digit >= '0' && *digit <= '9'; digit++)
			;
		if (digit < end && (*digit == '\0' || *digit == '+')) {
			facts->text_version = minor;
			return;
		}
	}
}

static void read_sections(Elf *elf, struct finding *finding)
{
	struct elf_facts *facts = finding->facts;
	size_t names;
	GElf_Shdr header;
	if (elf_getshdrstrndx(elf, &names) != 0)
		return;
	for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
		if (!gelf_getshdr(section, &header))
			continue;
		const char *name = elf_strptr(elf, names, header.sh_name);
		if (header.sh_type == SHT_DYNSYM || header.sh_type == SHT_SYMTAB)
			read_symbols(elf, section, &header, finding);
		else if (name && strcmp(name, ".PyRuntime") == 0 && !facts->runtime)
			facts->runtime = header.sh_addr;
		else if (name && strcmp(name, ".rodata") == 0)
			scan_version(section, facts);
	}
}

static void read_segments(Elf *elf, struct elf_facts *facts)
{
	size_t count;
	GElf_Phdr segment;
	if (elf_getphdrnum(elf, &count) != 0)
		return;
	for (size_t i = 0; i < count && i < MOST_SEGMENTS; i++) {
		if (!gelf_getphdr(elf, (int)i, &segment) || segment.p_type != PT_LOAD)
			continue;
		uint64_t page = 4096;
		facts->first_load = segment.p_vaddr & ~(page - 1);
		facts->first_offset = segment.p_offset & ~(page - 1);
		return;
	}
}

/* Where in the file the address lies; 0: nowhere. */
static uint64_t file_offset(Elf *elf, uint64_t address)
{
	size_t count;
	GElf_Phdr segment;
	if (elf_getphdrnum(elf, &count) != 0)
		return 0;
	for (size_t i = 0; i < count && i < MOST_SEGMENTS; i++)
		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
			address - segment.p_vaddr < segment.p_filesz)
			return address - segment.p_vaddr + segment.p_offset;
	return 0;
}

/* Up to 3.6 interp_head is no exported symbol, but PyInterpreterState_Head is, and does nothing but to return it:
 * [endbr64] mov interp_head(%rip),%rax; ret */
static void decode_head(Elf *elf, struct finding *finding)
{
	static const unsigned char branch_target[] = {0xF3, 0x0F, 0x1E, 0xFA}, load[] = {0x48, 0x8B, 0x05};
	uint64_t offset = file_offset(elf, finding->head_function);
	Elf_Data *data = offset ? elf_getdata_rawchunk(elf, (int64_t)offset, 12, ELF_T_BYTE) : NULL;
	if (!data || !data->d_buf || data->d_size < 12)
		return;
	const unsigned char *code = data->d_buf;
	size_t at = memcmp(code, branch_target, sizeof branch_target) == 0 ? sizeof branch_target : 0;
	int32_t distance;
	if (memcmp(code + at, load, sizeof load) != 0 || code[at + 7] != 0xC3)
		return;
	memcpy(&distance, code + at + sizeof load, sizeof distance);
	finding->facts->interp_head = finding->head_function + at + 7 + (uint64_t)(int64_t)distance;
}

bool elf_read(int fd, struct elf_facts *facts)
{
	struct finding finding = {.facts = facts};
	*facts = (struct elf_facts){0};
	if (elf_version(EV_CURRENT) == EV_NONE)
		return false;
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	bool good = elf && elf_kind(elf) == ELF_K_ELF && gelf_getclass(elf) == ELFCLASS64;
	if (good) {
		read_segments(elf, facts);
		read_sections(elf, &finding);
		if (!facts->interp_head && finding.head_function)
			decode_head(elf, &finding);
	}
	if (elf)
		elf_end(elf);
	return good;
}
