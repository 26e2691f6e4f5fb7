/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Processes that are only there to be looked at: forked, asleep, and gone with the benchmark. */

#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

typedef struct
{
  GArray *pids; /* of pid_t */
} BenchChildren;

/* Work of a child before it sleeps; may be NULL. What it maps stays. */
typedef void (*BenchChildFunc) (gpointer data);

/* Forks one that never says that it is ready, for @work never ends; 0 if it could not be. */
guint bench_children_spawn (BenchChildren *children, BenchChildFunc work, gpointer data);
/* Forks @wanted children, or as many as the machine allows; from the main thread (they die with the
 * thread that forked them). Gives how many there are once each has done its work. */
guint
bench_children_fork (BenchChildren *children, guint wanted, BenchChildFunc work, gpointer data);
/* Ends @n of them and forks others in their place. */
void bench_children_replace (BenchChildren *children, guint n);
void bench_children_clear (BenchChildren *children);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BenchChildren, bench_children_clear)

G_END_DECLS
