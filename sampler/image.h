/* A recorded memory image: what was read of a process, kept in a file, which can stand in for the process later, on any
 * machine. docs/adding-a-python.md describes the file. */
#ifndef SAMPLER_IMAGE_H
#define SAMPLER_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sampler/elf.h"
#include "sampler/maps.h"
#include "sampler/threads.h"

/* Memory is kept in blocks of this size, at multiples of it. */
enum { IMAGE_BLOCK = 1024 };

/* ---- standing in: there is one image at most, in place of every process ---- */

/* Reads the file; from now on remote_read, maps_read and threads_list answer out of it. Ends the program if it is no
 * image; what is broken inside it is reported and left out. */
void image_load(const char *path);
bool image_is_loaded(void);
/* False, errno EFAULT, if the image does not have all of it. */
bool image_read(uint64_t address, void *to, size_t size);
void image_maps(struct maps *maps);
/* What was found in the mapping's file; false if that was nothing. */
bool image_facts(const struct mapping *mapping, struct elf_facts *facts);
size_t image_tasks(struct task *tasks, size_t most);
/* As threads_state. */
char image_task_state(pid_t tid);

/* ---- recording ---- */

void image_record(void);
bool image_is_recording(void);
/* Keeps a block of the target's memory in place of what was kept of it before; `address` is a multiple of IMAGE_BLOCK.
 */
void image_keep(uint64_t address, const unsigned char bytes[IMAGE_BLOCK]);
void image_keep_facts(const struct mapping *mapping, const struct elf_facts *facts);
/* Writes what was kept, and the process's memory map and threads as they are now. */
void image_write(const char *path, pid_t pid);

#endif
