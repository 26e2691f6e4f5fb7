/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The answer to one command: comment lines where the command has them, then exactly one line,
 *   ok [name=value]...<TAB>faults=N major=N
 *   error NAME CALL: TEXT<TAB>faults=N major=N */

#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Forgets the answer before. */
void atlas_answer_begin (void);
/* Ends the line with the faults counted, and writes it. Nothing happens when that was done; a
 * command that gave no answer gets an error. */
void atlas_answer_end (void);
/* Forgets what was answered so far: it is not written. */
void atlas_answer_forget (void);
/* The whole line has been written by other means. */
void atlas_answer_mark_written (void);

void atlas_answer_ok (void);
void atlas_answer_number (const char *name, uint64_t value);
void atlas_answer_address (const char *name, const void *address);
/* In quotes, with escapes, where there are blanks or other than ASCII in it. */
void atlas_answer_word (const char *name, const char *word);

/* Lines before the answer: "# TEXT". */
void atlas_answer_comment (const char *text);
/* "# CALL" that fields follow, up to atlas_answer_end_comment(). */
void atlas_answer_begin_comment (const char *call);
void atlas_answer_end_comment (void);

/* "error NAME CALL: " and the texts up to NULL, in one. Foreign texts are made safe. */
void atlas_answer_error (const char *name, const char *call, ...) __attribute__ ((sentinel));
/* What is wrong with the line; nothing was changed. */
void atlas_answer_refuse (const char *call, ...) __attribute__ ((sentinel));
/* Errno @number of @call, with the C library's text. */
void atlas_answer_fail (int number, const char *call);
