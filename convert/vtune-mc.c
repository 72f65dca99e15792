/* Intel VTune's memory consumption as CSV:
 * vtune -R top-down -call-stack-mode all -column="Allocations:Self","Allocation Size:Self","Module"
 * -report-output out.csv -format csv -csv-delimiter comma */
#include "common/report.h"
#include "convert/calltree.h"
#include "convert/converter.h"
#include "convert/csv.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lines.h"

static bool by_size;

static const struct opt options[] = {
	{0, "size", OPT_FLAG, &by_size, NULL, "Weigh allocated bytes. Default: the number of allocations.", NULL, 0,
		false},
	{0},
};

struct vtune_mc {
	struct skipped *skipped;
	struct calltree tree;
	int function, value, module; /* columns; function -1: the heading did not come yet */
	struct buffer function_text, module_text, other;
};

/* Function Stack,Allocation Size:Self,Deallocation Size:Self,Allocations:Self,Module */
static void read_heading(struct vtune_mc *reader, struct text line)
{
	reader->function = csv_column(line, "Function Stack");
	reader->value = csv_column(line, by_size ? "Allocation Size:Self" : "Allocations:Self");
	reader->module = csv_column(line, "Module");
	if (reader->value < 0)
		reader->function = -1;
}

/*     "operator new(unsigned long, int)",4096,0,2,libc.so.6: "operator new(unsigned long, int)(libc.so.6)" */
static void read_row(struct vtune_mc *reader, const struct chunk *chunk, struct text line)
{
	struct text field, function = {"", 0}, module = {"", 0}, rest = line;
	size_t blanks, depth = 0;
	double value = 0;
	bool has_value = false;
	for (int i = 0;; i++) {
		struct buffer *out = i == reader->function ? &reader->function_text
				     : i == reader->module ? &reader->module_text
							   : &reader->other;
		if (!csv_field(&rest, out, &field, &blanks))
			break;
		if (i == reader->function)
			function = field, depth = blanks;
		else if (i == reader->module)
			module = text_trim(field);
		else if (i == reader->value)
			has_value = !text_trim(field).size || text_number(text_trim(field), false, &value);
	}
	depth += cut_blanks(&function); /* they may stand inside the quotes */
	if (!function.size || !has_value) {
		skip_record(reader->skipped, chunk, line.at, "a function or a value is missing");
		return;
	}
	buffer_clear(&reader->other);
	buffer_add_format(&reader->other, "%.*s(%.*s)", (int)function.size, function.at, (int)module.size, module.at);
	uint32_t node, name = frame_name(reader->tree.stacks, buffer_text(&reader->other));
	if (calltree_row(&reader->tree, depth, name, 0, &node))
		stacks_add(reader->tree.stacks, node, value);
	else
		skip_record(reader->skipped, chunk, line.at, "a level of the call tree is missing above");
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct vtune_mc *reader = state;
	if (reader->function < 0)
		read_heading(reader, line);
	else if (text_trim(line).size)
		read_row(reader, chunk, line);
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct vtune_mc *reader = state;
	calltree_end(&reader->tree);
	if (reader->function < 0)
		report_warning("%s: there is no heading with 'Function Stack' and 'Allocations:Self'", chunk->file);
	reader->function = -1;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct vtune_mc reader = {.skipped = &run->skipped, .tree = {.stacks = stacks}, .function = -1};
	lines_read(source, take_line, end_file, &reader);
	calltree_free(&reader.tree);
	buffer_free(&reader.function_text);
	buffer_free(&reader.module_text);
	buffer_free(&reader.other);
	return true;
}

static bool is_heading(struct text line)
{
	return text_find(line, "Function Stack") && text_find(line, "Alloc");
}

static int detect(struct text head)
{
	return lines_any(head, is_heading) ? 80 : 0;
}

const struct converter vtune_mc_converter = {
	.name = "vtune-mc",
	.summary = "Converts VTune's memory consumption (CSV) to folded stacks.",
	.examples = "  stackcollapse-vtune-mc --size allocations.csv | flamerender --countname bytes > out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
