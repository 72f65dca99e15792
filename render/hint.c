#include "render/hint.h"

static const struct {
	const char *words[2]; /* all stand in the first bytes; NULL: nothing more is asked */
	const char *converter;
} known[] = {
	{{"speedscope.app/file-format-schema.json", NULL}, "stackcollapse-speedscope"},
	{{"\"callFrame\"", "\"nodes\""}, "stackcollapse-cpuprofile"},
	{{"\"traceEvents\"", NULL}, "stackcollapse-trace-event"},
	{{"\"ph\"", "\"ts\""}, "stackcollapse-trace-event"},
	{{"\"stackTable\"", NULL}, "stackcollapse-firefox"},
	{{"# callgrind format", NULL}, "stackcollapse-callgrind"},
	{{"<trace-query-result", NULL}, "stackcollapse-xctrace"},
	{{"<svg", NULL}, "stackcollapse-svg"},
	{{"Analysis of sampling", NULL}, "stackcollapse-sample"},
	{{"# austin:", NULL}, "stackcollapse-austin"},
	{{"MOJ", NULL}, "stackcollapse-austin"},
	{{"cycles", "(/"}, "stackcollapse-perf"},
	{{"cpu-clock", "("}, "stackcollapse-perf"},
	{{"[kernel.kallsyms]", NULL}, "stackcollapse-perf"},
};

const char *hint_converter(struct text head)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (text_find(head, known[i].words[0]) && (!known[i].words[1] || text_find(head, known[i].words[1])))
			return known[i].converter;
	return "stackcollapse";
}
