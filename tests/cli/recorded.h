/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A small recorded /proc, written by the test itself: every number in it is known. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Processes of recorded_new(). */
#define RECORDED_PROGRAM "1234" /* four regions, 8 pages in all, no pagemap */
#define RECORDED_ZOMBIE "77"
#define RECORDED_KERNEL_THREAD "2"
#define RECORDED_UNPARSABLE "666"

/* Of user 4000000, who has no account. ESC, bidi mark, invalid byte, markup and all. */
#define RECORDED_NAME_CLEAN "we\\x1bi\\xffd<&>\"'"

/* Writes the tree into the folder @root. */
void recorded_write (const char *root);

G_END_DECLS
