/* Where the other programs of this toolkit are. */
#ifndef COMMON_BESIDE_H
#define COMMON_BESIDE_H

enum { BESIDE_SIZE = 4200 };

/* The program of that name beside this one, else the name alone, to be looked up in PATH. The answer may live in
 * `room`.
 */
const char *program_beside(const char *name, char room[BESIDE_SIZE]);

#endif
