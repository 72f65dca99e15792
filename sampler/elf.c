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

unsigned elf_scan_version(const char *text, size_t size)
{
	static const char start[] = {'\0', '3', '.'};
	const char *at = text, *end = text + size;
	while (end - at > 12 && (at = memmem(at, (size_t)(end - at), start, sizeof start)) != NULL && end - at > 12) {
		unsigned minor = 0;
		const char *digit = at + sizeof start;
		while (*digit >= '0' && *digit <= '9' && minor < 100)
			minor = minor * 10 + (unsigned)(*digit++ - '0');
		at += sizeof start;
		if (*digit != '.' || minor < 7 || minor > 10)
			continue;
		for (digit++; digit < end && *digit >= '0' && *digit <= '9'; digit++)
			;
		if (digit < end && (*digit == '\0' || *digit == '+'))
			return minor;
	}
	return 0;
}

static void scan_section(Elf_Scn *section, struct elf_facts *facts)
{
	Elf_Data *data = elf_getdata(section, NULL);
	if (data && data->d_buf && !facts->text_version)
		facts->text_version = elf_scan_version(data->d_buf, data->d_size);
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
			scan_section(section, facts);
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

/* [endbr64] mov interp_head(%rip),%rax; ret */
uint64_t elf_decode_head(uint64_t address, const unsigned char code[ELF_HEAD_BYTES])
{
	static const unsigned char branch_target[] = {0xF3, 0x0F, 0x1E, 0xFA}, load[] = {0x48, 0x8B, 0x05};
	size_t at = memcmp(code, branch_target, sizeof branch_target) == 0 ? sizeof branch_target : 0;
	int32_t distance;
	if (memcmp(code + at, load, sizeof load) != 0 || code[at + 7] != 0xC3)
		return 0;
	memcpy(&distance, code + at + sizeof load, sizeof distance);
	return address + at + 7 + (uint64_t)(int64_t)distance;
}

static uint64_t read_head(Elf *elf, uint64_t function)
{
	uint64_t offset = function ? file_offset(elf, function) : 0;
	Elf_Data *data = offset ? elf_getdata_rawchunk(elf, (int64_t)offset, ELF_HEAD_BYTES, ELF_T_BYTE) : NULL;
	return data && data->d_buf && data->d_size >= ELF_HEAD_BYTES ? elf_decode_head(function, data->d_buf) : 0;
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
		if (!facts->interp_head)
			facts->interp_head = read_head(elf, finding.head_function);
	}
	if (elf)
		elf_end(elf);
	return good;
}
