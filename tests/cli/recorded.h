/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A small recorded /proc, written by the test itself: every number in it is known. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The processes. */
#define RECORDED_PROGRAM "1234" /* four regions, 8 pages in all, no pagemap */
#define RECORDED_ZOMBIE "77"
#define RECORDED_KERNEL_THREAD "2"

/* Of user 4000000, who has no account. ESC, a byte that is no UTF-8, markup. */
#define RECORDED_NAME_CLEAN "we\\x1bi\\xffd<&>\"'"

/* Writes the tree into the folder @root. */
void recorded_write (const char *root);
/* Adds a process whose status is nonsense. It belongs to whoever runs the test. */
#define RECORDED_UNPARSABLE "666"
void recorded_write_unparsable (const char *root);

G_END_DECLS
