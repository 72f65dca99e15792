#include "render/writers.h"

extern const struct writer svg_writer, svgz_writer, png_writer, pdf_writer, html_writer, speedscope_writer,
	cpuprofile_writer, pprof_writer, trace_writer, firefox_writer, d3_writer, callgrind_writer, pstats_writer,
	jsonl_writer, folded_writer, top_writer, tree_writer;

const struct writer *const writers[] = {&svg_writer, &svgz_writer, &png_writer, &pdf_writer, &html_writer,
	&speedscope_writer, &cpuprofile_writer, &pprof_writer, &trace_writer, &firefox_writer, &d3_writer,
	&callgrind_writer, &pstats_writer, &jsonl_writer, &folded_writer, &top_writer, &tree_writer, NULL};

const struct writer *writer_by_name(const char *name)
{
	for (const struct writer *const *writer = writers; *writer; writer++)
		if (strcmp((*writer)->name, name) == 0)
			return *writer;
	return NULL;
}

const struct writer *writer_by_path(const char *path)
{
	struct text text = text_of(path);
	if (text_ends(text, ".gz"))
		text.size -= 3;
	for (const struct writer *const *writer = writers; *writer; writer++)
		if (text_ends(text, (*writer)->suffix))
			return *writer;
	return NULL;
}

const char *writer_names(void)
{
	static struct buffer names;
	buffer_clear(&names);
	for (const struct writer *const *writer = writers; *writer; writer++)
		buffer_add_format(&names, "%s%s", names.size ? ", " : "", (*writer)->name);
	return names.at;
}
