/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON as RFC 8259 has it, of bytes that can be anything. */

#pragma once

#include "atlas-trace-text.h"

/* Quoted. Valid UTF-8 whatever @bytes are: a byte that is none becomes \xff with its value, as
 * text; what a terminal could act on (C0, DEL, C1) is escaped, so a parser gives it back as it was.
 */
void atlas_trace_json_add_string (AtlasTraceText *text, const char *bytes, size_t length);
/* ,"name":  */
void atlas_trace_json_add_name (AtlasTraceText *text, const char *name);
/* ,"name":"value" */
void atlas_trace_json_add_member (AtlasTraceText *text, const char *name, const char *value);
/* ,"name":12 */
void atlas_trace_json_add_number (AtlasTraceText *text, const char *name, int64_t value);
