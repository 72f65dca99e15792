#include "render/report/diff.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "render/report/diff_stacks.h"
#include "render/report/files.h"
#include "render/report/page.h"
#include "render/report/pictures.h"
#include "render/report/table.h"

enum { MOST_FUNCTIONS = 200, MOST_STACKS = 50, MOST_FRAMES = 200 };

/* ---- graphs ---- */

static bool draw_now(const struct profile *profile, const struct stacks *stacks, const struct view *view)
{
	char *html = file_path(profile->folder, "diff-new.html"), *png = file_path(profile->folder, "diff.png");
	bool good = picture_html(stacks, view, html) && picture_png(stacks, view, png);
	free(html);
	free(png);
	return good;
}

static bool draw_old(const struct profile *profile, const struct stacks *stacks, const struct view *view)
{
	char *html = file_path(profile->folder, "diff-old.html");
	bool good = picture_html(stacks, view, html);
	free(html);
	return good;
}

static bool draw(const struct settings *settings, const struct profile *profile, struct diff_stacks *diff)
{
	struct view view = picture_view(settings, profile->name);
	view.flame_chart = false;
	view.subtitle = "As wide as now; red is more than before, blue is less";
	diff_stacks_fill(diff, false);
	if (!draw_now(profile, diff->stacks, &view))
		return false;
	view.subtitle = "As wide as before; red is more now, blue is less";
	view.negate = true;
	diff_stacks_fill(diff, true);
	return draw_old(profile, diff->stacks, &view);
}

static void put_graph(struct sink *sink, uint32_t depth)
{
	page_section(sink, "", "graph", "Graph of the change");
	sink_string(sink, "<p class=\"links\">Widths: <a href=\"diff-new.html\" target=\"graph\">as now</a> "
			  "<a href=\"diff-old.html\" target=\"graph\">as before (shows what is gone)</a></p>\n");
	page_frame(sink, "diff-new.html", "Interactive graph of the change", depth);
	sink_string(sink, "<img class=\"still\" src=\"diff.png\" alt=\"Graph of the change\" loading=\"lazy\">\n");
	page_section_end(sink);
}

/* ---- functions ---- */

/* A function that changed, with the larger of its two changes. */
struct change {
	const struct function *function;
	double size;
};

static int compare_changes(const void *left, const void *right)
{
	const struct change *a = left, *b = right;
	if (a->size != b->size)
		return a->size < b->size ? 1 : -1;
	return (a->function > b->function) - (a->function < b->function);
}

static void put_change(struct sink *sink, const struct settings *settings, const struct functions *functions,
	const struct function *function)
{
	table_row(sink);
	table_name(sink, function->name, NULL);
	table_text(sink, function->file);
	table_share(sink, function->old_self, functions->old_sum);
	table_share(sink, function->self, functions->sum);
	table_change(sink, function_self_change(functions, function),
		change_is_sure(
			function->old_self, functions->old_sum, function->self, functions->sum, settings->noise));
	table_share(sink, function->old_total, functions->old_sum);
	table_share(sink, function->total, functions->sum);
	table_change(sink, function_total_change(functions, function),
		change_is_sure(
			function->old_total, functions->old_sum, function->total, functions->sum, settings->noise));
}

static void put_functions(struct sink *sink, const struct settings *settings, const struct functions *functions)
{
	static const char *const columns[] = {"Function", "File", "#Self before", "#Self now", "#Change of self",
		"#Total before", "#Total now", "#Change of total", NULL};
	struct change *changes = mem_zero(functions->count + 1, sizeof *changes);
	for (size_t i = 0; i < functions->count; i++) {
		const struct function *function = &functions->items[i];
		changes[i] = (struct change){function, fmax(fabs(function_self_change(functions, function)),
							       fabs(function_total_change(functions, function)))};
	}
	qsort(changes, functions->count, sizeof *changes, compare_changes);
	page_section(sink, "", "functions", "Functions");
	sink_format(sink,
		"<p class=\"faint\">Changes are in points: percent of all. Those within %g standard errors, which may "
		"be "
		"chance, are faint.</p>\n",
		settings->noise);
	table_begin(sink, "Functions by change", "Filter functions", columns);
	for (size_t i = 0; i < functions->count && i < MOST_FUNCTIONS && changes[i].size >= 0.005; i++)
		put_change(sink, settings, functions, changes[i].function);
	table_end(sink);
	page_section_end(sink);
	free(changes);
}

/* ---- stacks that only one of them has ---- */

struct lone {
	uint32_t node;
	double weight;
};

static int compare_lone(const void *left, const void *right)
{
	const struct lone *a = left, *b = right;
	if (a->weight != b->weight)
		return a->weight < b->weight ? 1 : -1;
	return (a->node > b->node) - (a->node < b->node);
}

/* The frames nearest to the leaf. */
static void put_path(struct sink *sink, const struct stacks *stacks, uint32_t node)
{
	uint32_t path[MOST_FRAMES];
	size_t count = 0;
	for (; node && count < MOST_FRAMES; node = stacks->nodes[node].parent)
		path[count++] = stacks->nodes[node].name;
	sink_string(sink, node ? "<th scope=\"row\" class=\"stack\">\xE2\x80\xA6 \xE2\x80\xBA "
			       : "<th scope=\"row\" class=\"stack\">");
	while (count) {
		page_name(sink, stacks->names.names[path[--count]]);
		sink_string(sink, count ? " \xE2\x80\xBA " : "");
	}
	sink_string(sink, "</th>");
}

static void put_lone(
	struct sink *sink, const struct settings *settings, const struct diff_stacks *diff, bool gone, double sum)
{
	static const char *const columns[] = {"Stack", "#Weight", "#Share", NULL};
	struct lone *lone = mem_zero(diff->stacks->count, sizeof *lone);
	size_t count = 0;
	for (uint32_t node = 1; node < diff->stacks->count; node++) {
		struct diff_weights weights = diff->weights[node];
		double here = gone ? weights.old : weights.now, there = gone ? weights.now : weights.old;
		if (here > 0 && there == 0)
			lone[count++] = (struct lone){node, here};
	}
	qsort(lone, count, sizeof *lone, compare_lone);
	page_section(sink, "", gone ? "gone" : "new", gone ? "Gone stacks" : "New stacks");
	if (count)
		table_begin(sink, gone ? "Stacks that only the baseline has" : "Stacks that the baseline has not", NULL,
			columns);
	for (size_t i = 0; i < count && i < MOST_STACKS; i++) {
		table_row(sink);
		put_path(sink, diff->stacks, lone[i].node);
		table_weight(sink, settings, lone[i].weight);
		table_share(sink, lone[i].weight, sum);
	}
	if (count)
		table_end(sink);
	sink_format(sink, "<p class=\"faint\">%zu in all%s</p>\n", count,
		count > MOST_STACKS ? "; the heaviest are shown" : "");
	page_section_end(sink);
	free(lone);
}

/* ---- the page ---- */

static void put_facts(struct sink *sink, const struct settings *settings, const struct profile *profile,
	const struct analysis *now, const struct analysis *old)
{
	struct buffer text = {0};
	sink_string(sink, "<dl class=\"facts\">\n");
	page_count_text(&text, settings, old->sum);
	page_fact(sink, "Before", buffer_text(&text));
	buffer_clear(&text);
	page_count_text(&text, settings, now->sum);
	page_fact(sink, "Now", buffer_text(&text));
	buffer_clear(&text);
	buffer_add_format(&text, "%.4g", now->sum / old->sum);
	page_fact(sink, "Weights before are multiplied by", buffer_text(&text));
	page_fact(sink, "Baseline", text_of(profile->baseline));
	sink_string(sink, "</dl>\n");
	buffer_free(&text);
}

static void write_page(const struct subject *subject, const struct diff_stacks *diff)
{
	struct sink sink;
	const struct settings *settings = subject->settings;
	const struct analysis *now = subject->now, *old = subject->old;
	char *path = file_path(subject->profile->folder, "diff.html");
	struct page page = {.title = "Change against the baseline",
		.root = "../../",
		.parent = "index.html",
		.name = subject->profile->name};
	sink_open(&sink, path);
	page_begin(&sink, settings, &page);
	put_facts(&sink, settings, subject->profile, now, old);
	put_graph(&sink, now->depth > old->depth ? now->depth : old->depth);
	put_functions(&sink, settings, subject->functions);
	put_lone(&sink, settings, diff, false, now->sum);
	put_lone(&sink, settings, diff, true, now->sum);
	page_end(&sink);
	sink_close(&sink);
	free(path);
}

bool diff_pages(const struct subject *subject)
{
	const struct analysis *now = subject->now, *old = subject->old;
	struct diff_stacks diff = diff_stacks_of(now->stacks, old->stacks, now->sum / old->sum);
	bool good = draw(subject->settings, subject->profile, &diff);
	if (good)
		write_page(subject, &diff);
	diff_stacks_free(&diff);
	return good;
}
