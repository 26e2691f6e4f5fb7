/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A recorded process of tests/fixtures, and what it was recorded to be. */

#pragma once

#include "atlas-region.h"
#include "atlas-target.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *root; /* path of its /proc */
  gint pid;
  gboolean written; /* by hand: its files need not agree with one another */
} Fixture;

/* All of them, by name; of Fixture. */
GPtrArray *fixture_list (void);
/* Aborts when there is none of that name. */
Fixture *fixture_new (const char *name);
void fixture_free (Fixture *self);
/* Path of the list that says what must be read of it. */
char *fixture_get_expected_path (const Fixture *self);

AtlasTarget *fixture_open (const Fixture *self);
/* A file of its process, raw; NULL when it has none. */
GString *fixture_read (const Fixture *self, const char *file);

/* What maps gives, kinds told; of AtlasRegion. @parser: (out) (optional): its counts. */
GPtrArray *regions_parse (const char *maps, gsize length, const char *program, guint counts[2]);
GPtrArray *fixture_read_regions (const Fixture *self, guint torn_and_malformed[2]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

G_END_DECLS
