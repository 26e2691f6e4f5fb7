/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the programs of the lab are: they are started by others and are in nobody's PATH. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * atlas_lab_program_find:
 * @name: "memory-atlas-lab" or "memory-atlas-trace"
 * @error: (out) (optional): G_FILE_ERROR_NOENT, with a sentence for a person
 *
 * In the folder of the environment variable ATLAS_LIBEXECDIR where it is set; else beside the
 * running program in the tree where it was built; else where programs of its kind are installed.
 * Gives: (transfer full) (nullable): the path of a file that can be run.
 */
char *atlas_lab_program_find (const char *name, GError **error);

G_END_DECLS
