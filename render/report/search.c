#include "render/report/search.h"

#include <stdlib.h>

#include "common/json_text.h"
#include "common/mem.h"
#include "render/report/files.h"
#include "render/report/page.h"

/* A function in a profile. */
struct use {
	uint32_t function; /* number of its name and file */
	uint32_t profile;
	const struct function *weights;
};

struct uses {
	struct intern keys; /* name, NUL, file */
	struct use *items;
	size_t count, capacity;
};

static void add_uses(struct uses *uses, const struct record *record, uint32_t profile)
{
	struct buffer key = {0};
	for (size_t i = 0; i < record->count; i++) {
		const struct function *function = &record->items[i];
		if (!(function->total > 0))
			continue;
		buffer_clear(&key);
		buffer_add(&key, function->name.at, function->name.size);
		buffer_add_char(&key, '\0');
		buffer_add(&key, function->file.at, function->file.size);
		uses->items = mem_grow(uses->items, &uses->capacity, uses->count + 1, sizeof *uses->items);
		uses->items[uses->count++] = (struct use){intern(&uses->keys, key.at, key.size), profile, function};
	}
	buffer_free(&key);
}

/* Sorts by function; profiles stay in their order. */
static struct use *sort_uses(const struct uses *uses)
{
	size_t *starts = mem_zero((size_t)uses->keys.count + 1, sizeof *starts);
	struct use *sorted = mem_alloc((uses->count + 1) * sizeof *sorted);
	for (size_t i = 0; i < uses->count; i++)
		starts[uses->items[i].function + 1]++;
	for (uint32_t i = 0; i < uses->keys.count; i++)
		starts[i + 1] += starts[i];
	for (size_t i = 0; i < uses->count; i++)
		sorted[starts[uses->items[i].function]++] = uses->items[i];
	free(starts);
	return sorted;
}

static void put_functions(struct sink *sink, const struct use *uses, size_t count)
{
	for (size_t i = 0; i < count;) {
		const struct use *first = &uses[i];
		sink_string(sink, i ? ",\n[" : "\n[");
		sink_json(sink, first->weights->name);
		sink_char(sink, ',');
		sink_json(sink, first->weights->file);
		sink_string(sink, ",[");
		for (; i < count && uses[i].function == first->function; i++) {
			sink_string(sink, &uses[i] == first ? "" : ",");
			sink_integer(sink, uses[i].profile);
			sink_char(sink, ',');
			sink_number(sink, uses[i].weights->self);
			sink_char(sink, ',');
			sink_number(sink, uses[i].weights->total);
		}
		sink_string(sink, "]]");
	}
}

void search_data(
	struct sink *sink, const struct profile *profiles, size_t count, const char *before, const char *behind)
{
	struct uses uses = {0};
	sink_string(sink, "{\"profiles\":[");
	for (size_t i = 0; i < count; i++) {
		sink_string(sink, i ? ",\n[" : "\n[");
		sink_json(sink, text_of(profiles[i].name));
		sink_format(sink, ",\"%s%s%s\",", before, profiles[i].slug, behind);
		sink_number(sink, profiles[i].record.sum);
		sink_char(sink, ']');
		add_uses(&uses, &profiles[i].record, (uint32_t)i);
	}
	sink_string(sink, "],\n\"functions\":[");
	struct use *sorted = sort_uses(&uses);
	put_functions(sink, sorted, uses.count);
	sink_string(sink, "]}");
	free(sorted);
	free(uses.items);
	intern_free(&uses.keys);
}

void search_write(const struct settings *settings, const struct profile *profiles, size_t count)
{
	struct sink sink;
	char *path = file_path(settings->output, "search.js");
	sink_open(&sink, path);
	sink_string(&sink, "reportFunctions(");
	search_data(&sink, profiles, count, "p/", "/index.html");
	sink_string(&sink, ");\n");
	sink_close(&sink);
	free(path);
}

void search_section(struct sink *sink)
{
	sink_string(sink, "<section id=\"search\" aria-labelledby=\"search-title\">\n"
			  "<h2 id=\"search-title\">Search functions</h2>\n<div class=\"tool\">"
			  "<input type=\"search\" aria-label=\"Search functions in all profiles\" "
			  "placeholder=\"Function or file, in all profiles\"> <output></output></div>\n"
			  "<div class=\"results\"></div>\n</section>\n");
}
