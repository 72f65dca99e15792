/* The report as a PDF: OUT/report.pdf. */
#ifndef REPORT_PDF_H
#define REPORT_PDF_H

#include "render/report/profile.h"

/* A cover with what is wrong, the table of profiles, and a page for each with its graph (as vectors) and heaviest
 * functions, from the folded stacks in the profiles' folders. False, after a message, if it cannot be made. */
bool pdf_write(const struct settings *settings, const struct profile *profiles, size_t count);

#endif
