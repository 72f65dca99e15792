#include "render/report/csv.h"

#include <stdlib.h>

#include "common/sink.h"
#include "render/report/files.h"

/* A name that a spreadsheet would take for a formula gets a quote before it. */
static void put_csv_text(struct sink *sink, struct text text)
{
	sink_char(sink, '"');
	if (text.size && strchr("=+-@\t\r", *text.at) && *text.at)
		sink_char(sink, '\'');
	for (size_t i = 0; i < text.size; i++) {
		if (text.at[i] == '"')
			sink_char(sink, '"');
		sink_char(sink, text.at[i]);
	}
	sink_char(sink, '"');
}

void csv_write(const char *folder, const struct functions *functions)
{
	struct sink sink;
	char *path = file_path(folder, "functions.csv");
	bool compared = functions->old_sum > 0;
	sink_open(&sink, path);
	sink_format(&sink, "function,file,self,total%s\r\n", compared ? ",old_self,old_total" : "");
	for (size_t i = 0; i < functions->count; i++) {
		const struct function *function = &functions->items[i];
		const double numbers[] = {function->self, function->total, function->old_self, function->old_total};
		put_csv_text(&sink, function->name);
		sink_char(&sink, ',');
		put_csv_text(&sink, function->file);
		for (int n = 0; n < (compared ? 4 : 2); n++) {
			sink_char(&sink, ',');
			sink_number(&sink, numbers[n]);
		}
		sink_string(&sink, "\r\n");
	}
	sink_close(&sink);
	free(path);
}
