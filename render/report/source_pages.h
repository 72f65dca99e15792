/* Source files with the weight of each line. */
#ifndef REPORT_SOURCE_PAGES_H
#define REPORT_SOURCE_PAGES_H

#include "common/sink.h"
#include "render/report/subject.h"

/* Writes FOLDER/source-N.html for the heaviest files that frames name and that stand below settings->source_root (their
 * paths, or ends of them; never a file outside of it), and a section with links to them into `sink`. Nothing without a
 * root. */
void source_pages(struct sink *sink, const struct subject *subject);

#endif
