/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Amounts as lessons write them: exactly so much, at least, at most, or within; and as they are
 * said. */

#pragma once

#include <glib.h>

#include "atlas-lesson-expectation.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 least, most;    /* both included; G_MININT64, G_MAXINT64: no such bound */
  gboolean has_sign;     /* "+260 KiB", "-4 KiB": a change */
  gboolean has_relation; /* "=", ">=", "<=" */
} AtlasLessonAmount;

/**
 * atlas_lesson_amount_parse:
 * @words: (array zero-terminated=1): "+128", "KiB", "..", "+140", "KiB"; ">=", "64"
 * @unit: bytes or others; only bytes may have a unit (KiB, kB, MiB, pages ...)
 *
 * FALSE, and nothing set, when it is none: also for nothing at all, for a range that ends before it
 * begins, and for more than 2^62.
 */
gboolean atlas_lesson_amount_parse (const char *const *words,
                                    AtlasExpectUnit unit,
                                    AtlasLessonAmount *amount);

/* A number with or without a sign, such as a person types: "+260 KiB", "−4K", "64". */
gboolean atlas_lesson_number_parse (const char *text, AtlasExpectUnit unit, gint64 *number);

/* "260 KiB", "64 pages", "1 page", "100,000"; @number's sign is dropped. Every byte counts here, so
 * what is no whole number of KiB is said in bytes. */
char *atlas_lesson_number_format (gint64 number, AtlasExpectUnit unit);
/* "+260 KiB", "−4 KiB", "±0". */
char *atlas_lesson_change_format (gint64 number);

G_END_DECLS
