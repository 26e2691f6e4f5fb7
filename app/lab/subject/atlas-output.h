/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the subject writes, through one static buffer: stdio would take a buffer from malloc, and
 * the heap of this process is what people look at. */

#pragma once

#include <stddef.h>
#include <stdint.h>

/* Room for any number as text. */
#define ATLAS_NUMBER_SIZE 24

void atlas_output_bytes (const char *bytes, size_t length);
void atlas_output_text (const char *text);
/* Foreign text, kept to one line of ASCII: other bytes as \xHH. */
void atlas_output_clean (const char *text);
/* The same as a word of C, in quotes. */
void atlas_output_quoted (const char *text);
void atlas_output_number (uint64_t number);
void atlas_output_hex (uint64_t number); /* with 0x */

/* Writes what is buffered. The process ends where nobody listens any more. */
void atlas_output_flush (void);
/* Forgets what is buffered. */
void atlas_output_discard (void);

/* @number in decimal; gives @text. */
const char *atlas_number_text (uint64_t number, char text[ATLAS_NUMBER_SIZE]);
/* The same in hexadecimal, with 0x. */
const char *atlas_hex_text (uint64_t number, char text[ATLAS_NUMBER_SIZE]);
