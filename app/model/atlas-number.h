/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Decimal numbers in the files of /proc. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Takes the digits at *@cursor, which is moved behind them. FALSE, and nothing moved, when there is
 * none or they are more than 64 bits hold. */
gboolean atlas_number_take (const char **cursor, const char *end, guint64 *number);
/* The same, behind blanks and tabs. */
gboolean atlas_number_take_padded (const char **cursor, const char *end, guint64 *number);

G_END_DECLS
