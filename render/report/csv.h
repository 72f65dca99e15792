/* The table of functions for spreadsheets. */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "render/report/functions.h"

/* Writes FOLDER/functions.csv (RFC 4180) with all functions. */
void csv_write(const char *folder, const struct functions *functions);

#endif
