/* Files and folders of the report. */
#ifndef REPORT_FILES_H
#define REPORT_FILES_H

#include <stdbool.h>

#include "common/hash.h"
#include "common/text.h"

/* "FOLDER/NAME", the caller's to free. */
char *file_path(const char *folder, const char *name);
/* Makes the folder and those above it; ends the program with a message if it cannot. */
void file_folder(const char *path);
/* Appends the bytes of a file; false (without a message) if it cannot be read. */
bool file_read(const char *path, struct buffer *out);

#endif
