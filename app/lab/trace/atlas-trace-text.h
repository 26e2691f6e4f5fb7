/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text that grows. A line is put together in one of these and written at once. */

#pragma once

#include <stddef.h>
#include <stdint.h>

/* All zero is an empty one. Bytes, not terminated. */
typedef struct
{
  char *bytes;
  size_t length, room;
} AtlasTraceText;

/* Empties it, and keeps the room for the next. */
void atlas_trace_text_clear (AtlasTraceText *self);
void atlas_trace_text_free (AtlasTraceText *self);

/* These end the program where there is no memory left: it could not even say what it lost. */
void atlas_trace_text_add_bytes (AtlasTraceText *self, const char *bytes, size_t length);
void atlas_trace_text_add_byte (AtlasTraceText *self, char byte);
void atlas_trace_text_add (AtlasTraceText *self, const char *string);
void atlas_trace_text_add_unsigned (AtlasTraceText *self, uint64_t number);
void atlas_trace_text_add_signed (AtlasTraceText *self, int64_t number);
/* "0x7f2c1b0ff000" */
void atlas_trace_text_add_hexadecimal (AtlasTraceText *self, uint64_t number);
