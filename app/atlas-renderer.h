/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the window is painted: see atlas-renderer.c. */

#pragma once

/* Before GTK is initialised, while there is one thread. */
void atlas_renderer_choose (void);
/* Once the first window is realized: from then on GTK knows, and programs that are started from
 * here must not take over the choice. */
void atlas_renderer_restore_environment (void);
