/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The machine a picture was taken on. */

#pragma once

#include "atlas-procfs.h"

G_BEGIN_DECLS

typedef struct
{
  char *kernel;      /* "Linux 6.18.44", from sys/kernel/osrelease of the /proc, else uname */
  char *libc;        /* "glibc 2.36", gnu_get_libc_version; this program's, said so where shown */
  guint64 page_size; /* bytes */
  guint64 mem_total_kb, mem_available_kb; /* meminfo, 0 when unreadable */
} AtlasSystem;

AtlasSystem *atlas_system_new (AtlasProcfs *procfs);
void atlas_system_free (AtlasSystem *self);
/* The account's name, or the number as text. Cached; any thread. */
const char *atlas_user_name (guint uid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasSystem, atlas_system_free)

G_END_DECLS
