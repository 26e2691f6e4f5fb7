/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Processes that take over the PID of one that ended. That cannot be had on purpose among all
 * processes of the machine, so there is a PID namespace, with a /proc of its own, whose first
 * process forks the others with the PID it is told. Takes root. */

#pragma once

#include "atlas-procfs.h"

G_BEGIN_DECLS

typedef struct _FireFactory FireFactory;

/* NULL and a reason where the machine does not allow it. */
FireFactory *fire_factory_new (char **reason);
void fire_factory_free (FireFactory *self);
/* Of the namespace. (transfer none) */
AtlasProcfs *fire_factory_get_procfs (FireFactory *self);

/* The PID that all of them have, one after the other. */
#define FIRE_FACTORY_PID 77
/* Where each has its one page after the other: sanitizers have nothing there. */
#define FIRE_FACTORY_ADDRESS G_GUINT64_CONSTANT (0x500000000000)
#define FIRE_FACTORY_PAGES 64

/* Starts one that has touched the first @n_pages pages at FIRE_FACTORY_ADDRESS and waits until it
 * has. FALSE where the kernel cannot choose PIDs. */
gboolean fire_factory_start (FireFactory *self, guint n_pages);
/* Kills it and waits for its end. */
void fire_factory_end (FireFactory *self);
/* Covers @file of it by the file at @path, until its end. */
void fire_factory_cover (FireFactory *self, const char *file, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FireFactory, fire_factory_free)

G_END_DECLS
