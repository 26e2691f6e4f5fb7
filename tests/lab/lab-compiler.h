/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Compiles and runs the programs that the lab writes. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Compiles @program with -Wall -Wextra -Werror and @option; a warning fails the test. Gives the path
 * of what came of it, which is to be removed with compiler_remove(). (transfer full) */
char *compiler_build (const char *program, const char *option);
void compiler_remove (char *path);

/* What it prints, up to its end with @status. (transfer full) */
char *compiler_run (const char *path, gint status);

G_END_DECLS
