#include "render/palette_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/intern.h"
#include "common/report.h"
#include "common/sink.h"
#include "common/source.h"

struct palette_map {
	struct intern names;
	struct color *colors; /* by number of the name */
	size_t capacity;
};

static void keep(struct palette_map *map, struct text name, struct color color)
{
	uint32_t number = intern(&map->names, name.at, name.size);
	map->colors = mem_grow(map->colors, &map->capacity, (size_t)number + 1, sizeof *map->colors);
	map->colors[number] = color;
}

/* "NAME->rgb(205,21,5)": the name may hold "->" itself, so the last "->rgb(" counts. */
static bool cut_line(struct text line, struct text *name, struct color *color)
{
	for (size_t i = line.size; i >= 6; i--) {
		if (memcmp(line.at + i - 6, "->rgb(", 6) != 0)
			continue;
		char rest[32];
		unsigned r, g, b;
		int used = 0;
		snprintf(rest, sizeof rest, "%.*s", (int)(line.size - i < 30 ? line.size - i : 30), line.at + i);
		if (sscanf(rest, "%3u,%3u,%3u)%n", &r, &g, &b, &used) != 3 || (size_t)used != line.size - i ||
			r > 255 || g > 255 || b > 255)
			return false;
		*name = (struct text){line.at, i - 6};
		*color = (struct color){(uint8_t)r, (uint8_t)g, (uint8_t)b};
		return true;
	}
	return false;
}

struct palette_map *palette_map_read(const char *path)
{
	struct palette_map *map = mem_zero(1, sizeof *map);
	if (access(path, F_OK) != 0)
		return map;
	char *copy = mem_copy_string(path);
	struct source *source = source_open(&copy, 1);
	struct chunk chunk = {0};
	struct skipped skipped = {0};
	while (source_chunk(source, source_cut_lines, &chunk)) {
		const char *at = chunk.data, *end = at + chunk.size;
		struct text line, name;
		struct color color;
		while (next_line(&at, end, &line)) {
			if (cut_line(line, &name, &color))
				keep(map, name, color);
			else if (line.size)
				skip_record(&skipped, &chunk, line.at, "not NAME->rgb(r,g,b): skipped");
		}
	}
	chunk_free(&chunk);
	if (!source_close(source))
		exit(EXIT_FAILED);
	free(copy);
	return map;
}

struct color palette_map_color(struct palette_map *map, struct text name, struct color color)
{
	uint32_t before = map->names.count, number = intern(&map->names, name.at, name.size);
	if (number < before)
		return map->colors[number];
	keep(map, name, color);
	return color;
}

static int compare_names(const void *a, const void *b)
{
	const struct text *const *left = a, *const *right = b;
	return text_compare(**left, **right);
}

void palette_map_write(const struct palette_map *map, const char *path)
{
	const struct text **order = mem_zero((size_t)map->names.count + 1, sizeof *order);
	struct sink sink;
	for (uint32_t i = 0; i < map->names.count; i++)
		order[i] = &map->names.names[i];
	mem_sort(order, map->names.count, sizeof *order, compare_names);
	sink_open(&sink, path);
	for (uint32_t i = 0; i < map->names.count; i++) {
		struct color color = map->colors[order[i] - map->names.names];
		sink_write(&sink, order[i]->at, order[i]->size);
		sink_format(&sink, "->rgb(%d,%d,%d)\n", color.r, color.g, color.b);
	}
	sink_close(&sink);
	free(order);
}
