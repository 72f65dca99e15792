#include "render/view/save.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/folded.h"
#include "common/report.h"
#include "render/writers.h"

static bool is_folded(const char *path)
{
	struct text text = text_of(path);
	if (text_ends(text, ".gz"))
		text.size -= 3;
	return text_ends(text, ".folded") || text_ends(text, ".txt");
}

/* flamerender's own defaults. */
static struct view view_of(const struct scheme *scheme, bool icicle, const char *title)
{
	struct view view = {.title = title,
		.count_name = "samples",
		.name_type = "Function:",
		.notes = "",
		.width = 1200,
		.frame_height = 16,
		.min_width = 0.1,
		.font_type = "Verdana",
		.font_size = 12,
		.font_width = 0.59,
		.inverted = icicle,
		.factor = 1,
		.search_color = "#e600e6",
		.ui_color = "#000000",
		.script = true,
		.scale = 1,
		.command = "flameview",
		.coloring = scheme->coloring};
	palette_background(NULL, view.coloring.palette, &view.background);
	return view;
}

static bool write_picture(
	const struct writer *writer, struct stacks *stacks, const struct view *view, struct sink *sink)
{
	if (writer->write_stacks)
		return writer->write_stacks(stacks, view, sink);
	double narrow = writer->whole ? 0 : stacks_total(stacks) * view->min_width / view->width;
	struct flame flame = flame_layout(stacks, (struct flame_rules){.min_width = narrow});
	return writer->write(&flame, view, sink);
}

static _Noreturn void run(const struct graph *graph, uint32_t zoom, const char *path, const struct view *view,
	const struct writer *writer)
{
	struct sink sink;
	struct stacks *stacks = graph_stacks(graph, zoom);
	bool good = true;
	sink_open(&sink, path);
	sink_compress(&sink, writer && writer->compressed);
	if (writer)
		good = write_picture(writer, stacks, view, &sink);
	else
		folded_write(stacks, &sink);
	if (good)
		sink_close(&sink);
	else
		sink_discard(&sink);
	_exit(good ? EXIT_DONE : EXIT_FAILED);
}

bool save_start(struct save *save, const struct graph *graph, uint32_t zoom, const char *path,
	const struct scheme *scheme, bool icicle, const char *title, char *why, size_t why_size)
{
	const struct writer *writer = is_folded(path) ? NULL : writer_by_path(path);
	int ends[2];
	if (!writer && !is_folded(path)) {
		snprintf(why, why_size, "%s: its suffix is unknown: .folded or one of %s", path, writer_names());
		return false;
	}
	if (save->child || pipe2(ends, O_CLOEXEC) != 0 || (save->child = fork()) < 0) {
		snprintf(why, why_size, "it cannot be saved now");
		return false;
	}
	if (save->child == 0) {
		struct view view = view_of(scheme, icicle, title);
		signal(SIGINT, SIG_DFL); /* now the sink may remove an unfinished file */
		signal(SIGTERM, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		dup2(ends[1], STDERR_FILENO);
		run(graph, zoom, path, &view, writer);
	}
	close(ends[1]);
	save->fd = ends[0];
	buffer_clear(&save->said);
	buffer_clear(&save->path);
	buffer_add_string(&save->path, path);
	return true;
}

bool save_poll(struct save *save, bool *good)
{
	char block[512];
	int status = 0;
	ssize_t n = read(save->fd, block, sizeof block);
	if (n > 0)
		buffer_add(&save->said, block, (size_t)n);
	if (n > 0 || (n < 0 && errno == EINTR))
		return false;
	close(save->fd);
	waitpid(save->child, &status, 0);
	save->child = 0;
	*good = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE;
	return true;
}
