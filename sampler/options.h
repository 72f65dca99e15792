/* What the command line asks for. */
#ifndef SAMPLER_OPTIONS_H
#define SAMPLER_OPTIONS_H

#include "common/opt.h"
#include "sampler/codecache.h"
#include "sampler/dump.h"
#include "sampler/profile.h"

struct options {
	pid_t pid;                /* 0: there is a command or an image */
	size_t words;             /* of the command: argv[0 .. words) */
	const char *image;        /* --image, or NULL */
	double interval;          /* between samples, in seconds; 0: none */
	double seconds;           /* how long; 0: one sample; less: until the program ends */
	const char *output;       /* NULL: standard output */
	const char *stats_output; /* NULL: standard error */
	const char *stats;        /* "text", "json" or NULL */
	const char *recorded;     /* --record-image, or NULL */
	bool dump, top, streaming, flame_chart, subprocesses, no_jitter;
	enum dump_form dump_form;
	struct sampling sampling;
	struct profile_rules rules; /* without the parts that exist only while sampling */
	struct frame_naming naming;
	bool only_python_names;             /* of threads: those that threading knows */
	bool gil_asked;                     /* --mode gil was given */
	bool only_holder, only_active;      /* of the stacks */
	struct opt_list threads, processes; /* patterns */
};

/* Parses and checks argv (operands are moved to the front). Ends the program with a message if it makes no sense. */
const struct options *options_read(int argc, char **argv);

#endif
