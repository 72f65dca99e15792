/* Command lines: one table gives the parser and --help. */
#ifndef COMMON_OPT_H
#define COMMON_OPT_H

#include <stdbool.h>
#include <stddef.h>

enum opt_kind {
	OPT_FLAG,    /* value: bool *, set to true */
	OPT_STRING,  /* value: const char ** */
	OPT_LIST,    /* value: struct opt_list *, may be given more than once */
	OPT_INTEGER, /* value: long *, at least `minimum` */
	OPT_NUMBER,  /* value: double *, at least `minimum` */
	OPT_CHOICE,  /* value: const char **, one of the words in `choices` */
	OPT_REST,    /* value: bool *; all words behind it are operands, not options (as "--") */
	OPT_HEADING, /* only a line in --help */
};

struct opt_list {
	const char **items; /* owned by the list; the strings are argv's */
	size_t count, capacity;
};

/* One option. A table ends with an all-zero entry. */
struct opt {
	char letter;      /* 'o' for -o, 0 if none */
	const char *name; /* "output" for --output, NULL if there is only the letter */
	enum opt_kind kind;
	void *value;
	const char *argument;       /* "FILE" in --help; NULL for flags */
	const char *help;           /* one sentence, with the default */
	const char *const *choices; /* OPT_CHOICE: words, ends with NULL */
	double minimum;             /* OPT_INTEGER, OPT_NUMBER */
	bool hidden;                /* not in --help: for compatibility only */
};

struct opt_program {
	const char *name;          /* "flamerender" */
	const char *summary;       /* one sentence */
	const char *usage;         /* "[options] [FILE ...]"; several lines are several usages */
	const char *examples;      /* lines shown at the end of --help, or NULL */
	const struct opt *options; /* the program's own */
	const struct opt *more;    /* a second table (shared options), or NULL */
	bool stop_at_operand;      /* the first operand ends the options (a command line follows) */
};

/* Parses argv: long options as --name value, --name=value, any unambiguous prefix, any case, also with one dash
 * (-title X) where no letters fit; letters joined (-xn 3, -xn3). --help and --version print and leave with 0; -q and -v
 * set report_level unless the table has those letters. "--" ends the options. Wrong use ends the program with status 2,
 * a message and a hint. Operands are moved to the front: argv[0 .. result). */
size_t opt_parse(const struct opt_program *program, int argc, char **argv);

#endif
