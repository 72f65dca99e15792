/* The order of names in all lists of the report: digits count as numbers, so that p2 stands before p10. */
#ifndef REPORT_NATURAL_H
#define REPORT_NATURAL_H

/* As strcmp, but runs of digits are compared as numbers, and letters (A to Z) first of all without regard to their
 * case. report-tables.js has the same rule. */
int natural_compare(const char *a, const char *b);

#endif
