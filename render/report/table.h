/* Tables that the script sorts and filters. Texts are escaped here. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "common/sink.h"
#include "render/report/settings.h"

/* `columns` are headings, those that start with '#' of numbers; ends with NULL. `filter`: what the field above says. */
void table_begin(struct sink *sink, const char *caption, const char *filter, const char *const *columns);
void table_end(struct sink *sink);
void table_row(struct sink *sink);
/* The row's heading; with `link` it is one. */
void table_name(struct sink *sink, struct text name, const char *link);
void table_function(struct sink *sink, struct text name, struct text file, const char *link);
void table_text(struct sink *sink, struct text text);
void table_weight(struct sink *sink, const struct settings *settings, double weight);
void table_share(struct sink *sink, double weight, double sum);
/* Points (percent of all) with their sign; `sure`: it is more than chance. */
void table_change(struct sink *sink, double points, bool sure);

#endif
