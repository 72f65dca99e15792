#include "common/opt.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"
#include "common/report.h"
#include "common/text.h"
#include "common/version.h"

/* The state of one parse. */
struct parse {
	const struct opt_program *program;
	char **argv;
	int argc, at;
	bool help, version, quiet, verbose;
	struct opt standard[5];
};

static _Noreturn void misuse(const struct parse *parse, const char *format, const char *what, const char *more)
{
	char why[512];
	snprintf(why, sizeof why, format, what, more);
	die(EXIT_USAGE, "%s: see '%s --help'", why, parse->program->name);
}

/* ---- --help ---- */

static bool is_end(const struct opt *opt)
{
	return !opt->name && !opt->letter && opt->kind != OPT_HEADING;
}

static void print_option(const struct opt *opt)
{
	char left[80], letter[4] = "  ";
	if (opt->kind == OPT_HEADING) {
		printf("\n%s\n", opt->help);
		return;
	}
	if (opt->letter)
		snprintf(letter, sizeof letter, "-%c", opt->letter);
	snprintf(left, sizeof left, "%s%s %s%s%s%s", letter, opt->letter && opt->name ? "," : " ",
		opt->name ? "--" : "", opt->name ? opt->name : "", opt->argument ? " " : "",
		opt->argument ? opt->argument : "");
	if (strlen(left) > 28)
		printf("  %s\n  %-28s", left, "");
	else
		printf("  %-28s", left);
	int column = 30;
	for (const char *word = opt->help; *word;) {
		int size = (int)strcspn(word, " ");
		if (column + 1 + size > 100) {
			printf("\n  %-28s", "");
			column = 30;
		}
		printf(" %.*s", size, word);
		column += 1 + size;
		word += size + strspn(word + size, " ");
	}
	putchar('\n');
}

static void print_table(const struct opt *table)
{
	for (; table && !is_end(table); table++)
		if (!table->hidden)
			print_option(table);
}

static void print_usage(const struct opt_program *program)
{
	const char *line = program->usage, *start = "usage:";
	for (; *line; start = "      ") {
		int size = (int)strcspn(line, "\n");
		printf("%s %s %.*s\n", start, program->name, size, line);
		line += size + (line[size] == '\n');
	}
}

static _Noreturn void print_help(const struct parse *parse)
{
	const struct opt_program *program = parse->program;
	print_usage(program);
	printf("\n%s\n\n", program->summary);
	print_table(program->options);
	print_table(program->more);
	print_table(parse->standard);
	if (program->examples)
		printf("\nExamples:\n%s", program->examples);
	if (fflush(stdout) != 0 || ferror(stdout))
		exit(EXIT_FAILED);
	exit(EXIT_DONE);
}

/* ---- looking options up ---- */

/* The tables in the order in which they are searched. */
static const struct opt *table_number(const struct parse *parse, int number)
{
	const struct opt *tables[] = {parse->program->options, parse->program->more, parse->standard};
	return tables[number];
}

static const struct opt *find_letter(const struct parse *parse, char letter)
{
	for (int i = 0; i < 3; i++)
		for (const struct opt *opt = table_number(parse, i); opt && !is_end(opt); opt++)
			if (opt->letter && opt->letter == letter)
				return opt;
	return NULL;
}

/* The option whose name is the word, or the only one whose name begins with it; `many` tells if there are several. */
static const struct opt *find_name(const struct parse *parse, struct text word, bool *many)
{
	const struct opt *found = NULL;
	*many = false;
	for (int i = 0; i < 3; i++) {
		for (const struct opt *opt = table_number(parse, i); opt && !is_end(opt); opt++) {
			if (!opt->name || !word.size || strncasecmp(opt->name, word.at, word.size) != 0)
				continue;
			if (!opt->name[word.size]) {
				*many = false;
				return opt;
			}
			if (found && found->value != opt->value)
				*many = true;
			found = opt;
		}
	}
	return *many ? NULL : found;
}

/* ---- values ---- */

static void display_name(const struct opt *opt, char out[64])
{
	if (opt->name)
		snprintf(out, 64, "--%s", opt->name);
	else
		snprintf(out, 64, "-%c", opt->letter);
}

static void set_number(const struct parse *parse, const struct opt *opt, const char *word)
{
	char name[64];
	double number;
	display_name(opt, name);
	bool whole = opt->kind == OPT_INTEGER;
	if (!text_number(text_of(word), true, &number) || (whole && number != (double)(long)number) ||
		(whole && (number > 1e15 || number < -1e15)))
		misuse(parse, whole ? "%s needs a whole number, not '%s'" : "%s needs a number, not '%s'", name, word);
	if (number < opt->minimum) {
		char least[TEXT_NUMBER_SIZE];
		text_from_number(least, opt->minimum);
		misuse(parse, "%s must be at least %s", name, least);
	}
	if (whole)
		*(long *)opt->value = (long)number;
	else
		*(double *)opt->value = number;
}

static void set_choice(const struct parse *parse, const struct opt *opt, const char *word)
{
	char name[64], known[400] = "";
	for (const char *const *choice = opt->choices; *choice; choice++) {
		size_t size = strlen(known);
		if (strcasecmp(*choice, word) == 0) {
			*(const char **)opt->value = *choice;
			return;
		}
		snprintf(known + size, sizeof known - size, "%s%s", size ? ", " : "", *choice);
	}
	size_t size = strlen(known);
	snprintf(known + size, sizeof known - size, ", not '%.60s'", word);
	display_name(opt, name);
	misuse(parse, "%s must be one of %s", name, known);
}

static void set(const struct parse *parse, const struct opt *opt, const char *word)
{
	switch (opt->kind) {
	case OPT_FLAG:
	case OPT_REST:
		*(bool *)opt->value = true;
		break;
	case OPT_STRING:
		*(const char **)opt->value = word;
		break;
	case OPT_LIST: {
		struct opt_list *list = opt->value;
		list->items = mem_grow(list->items, &list->capacity, list->count + 1, sizeof *list->items);
		list->items[list->count++] = word;
		break;
	}
	case OPT_INTEGER:
	case OPT_NUMBER:
		set_number(parse, opt, word);
		break;
	case OPT_CHOICE:
		set_choice(parse, opt, word);
		break;
	case OPT_HEADING:
		break;
	}
}

static bool takes_value(const struct opt *opt)
{
	return opt->kind != OPT_FLAG && opt->kind != OPT_REST;
}

static const char *next_word(struct parse *parse, const struct opt *opt)
{
	char name[64];
	if (parse->at + 1 < parse->argc)
		return parse->argv[++parse->at];
	display_name(opt, name);
	misuse(parse, "%s needs a value (%s)", name, opt->argument ? opt->argument : "VALUE");
}

/* ---- words ---- */

/* "name" or "name=value" behind the dashes; false if there is no such option. */
static bool take_long(struct parse *parse, const char *body, bool must)
{
	size_t size = strcspn(body, "=");
	bool many;
	const struct opt *opt = find_name(parse, (struct text){body, size}, &many);
	if (!opt && must)
		misuse(parse, many ? "option '%s' is ambiguous%s" : "there is no option '%s'%s", parse->argv[parse->at],
			"");
	if (!opt)
		return false;
	bool with_value = body[size] == '=';
	if (with_value && !takes_value(opt))
		misuse(parse, "option --%s takes no value%s", opt->name, "");
	set(parse, opt, with_value ? body + size + 1 : takes_value(opt) ? next_word(parse, opt) : NULL);
	return true;
}

/* "-xn3": letters, the last of which may take the rest of the word or the next word. */
static bool take_letters(struct parse *parse, const char *letters)
{
	for (const char *at = letters; *at; at++) {
		const struct opt *opt = find_letter(parse, *at);
		if (!opt)
			return false;
		if (takes_value(opt))
			break;
	}
	for (const char *at = letters; *at; at++) {
		const struct opt *opt = find_letter(parse, *at);
		if (takes_value(opt)) {
			set(parse, opt, at[1] ? at + 1 : next_word(parse, opt));
			break;
		}
		set(parse, opt, NULL);
	}
	return true;
}

static bool has_exact_name(const struct parse *parse, const char *word)
{
	size_t size = strcspn(word, "=");
	bool many;
	const struct opt *opt = find_name(parse, (struct text){word, size}, &many);
	return opt && size > 1 && !opt->name[size];
}

static bool rest_follows(const struct parse *parse)
{
	for (int i = 0; i < 2; i++)
		for (const struct opt *opt = table_number(parse, i); opt && !is_end(opt); opt++)
			if (opt->kind == OPT_REST && *(bool *)opt->value)
				return true;
	return false;
}

/* One word that starts with a dash. */
static void take_option(struct parse *parse, const char *word)
{
	if (word[1] == '-')
		take_long(parse, word + 2, true);
	else if (has_exact_name(parse, word + 1) || !take_letters(parse, word + 1))
		take_long(parse, word + 1, true);
}

static void add_standard(struct parse *parse)
{
	size_t count = 0;
	const struct opt all[] = {
		{'q', "quiet", OPT_FLAG, &parse->quiet, NULL, "Say nothing but fatal errors.", NULL, 0, false},
		{'v', "verbose", OPT_FLAG, &parse->verbose, NULL, "Say what is done.", NULL, 0, false},
		{'h', "help", OPT_FLAG, &parse->help, NULL, "Show this help.", NULL, 0, false},
		{'V', "version", OPT_FLAG, &parse->version, NULL, "Show the version.", NULL, 0, false},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		parse->standard[count] = all[i];
		if (find_letter(parse, all[i].letter) != &parse->standard[count])
			parse->standard[count].letter = 0;
		count++;
		parse->standard[count] = (struct opt){0};
	}
}

size_t opt_parse(const struct opt_program *program, int argc, char **argv)
{
	struct parse parse = {.program = program, .argv = argv, .argc = argc};
	size_t operands = 0;
	bool options = true;
	report_program(program->name);
	add_standard(&parse);
	for (parse.at = 1; parse.at < argc; parse.at++) {
		char *word = argv[parse.at];
		if (options && strcmp(word, "--") == 0) {
			options = false;
		} else if (options && word[0] == '-' && word[1]) {
			take_option(&parse, word);
			options = !rest_follows(&parse);
		} else {
			argv[operands++] = word;
			options = options && !program->stop_at_operand;
		}
	}
	if (parse.help)
		print_help(&parse);
	if (parse.version) {
		printf("%s %s\n", program->name, TOOLKIT_VERSION);
		exit(fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED);
	}
	if (parse.quiet || parse.verbose)
		report_level = parse.quiet ? -1 : 1;
	return operands;
}
