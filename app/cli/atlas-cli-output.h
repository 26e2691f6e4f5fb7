/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Standard output and standard error of a command. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Locale and signals; call it first. After it, writing to a closed pipe or beyond a file size limit
 * is an error like any other and not the end of the program. */
void atlas_cli_prepare (void);
/* In a child that becomes another program: signals as they were before atlas_cli_prepare(). */
void atlas_cli_restore_signals (void);

/* Writes UTF-8 @text as it is: what is for programs. Errors: G_IO_ERROR. */
gboolean atlas_cli_write (const char *text, GError **error);
/* Writes @text in the encoding of the locale: what is for people. Errors: G_IO_ERROR. */
gboolean atlas_cli_print (const char *text, GError **error);
/* The same into @fd, which may be anything; gives 0 or an errno. */
int atlas_cli_print_into (int fd, const char *text);
/* All @length bytes of @data into @fd, as they are; gives 0 or an errno. */
int atlas_cli_write_into (int fd, const char *data, gsize length);
/* One line on standard error, with the program's name, made safe for a terminal. */
void atlas_cli_complain (const char *message);
/* Columns of the terminal, or of COLUMNS where that is set; 0: no limit (a file, a pipe). */
guint atlas_cli_get_width (void);

G_END_DECLS
