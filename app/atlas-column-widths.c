/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Widths follow from fonts and from the hand, never from the rows that happen to be seen: a table
 * whose columns move while it is scrolled cannot be read. */

#include "atlas-config.h"

#include "atlas-column-widths.h"

#include <string.h>

#define LEAST_WIDTH 32

struct _AtlasColumnWidths
{
  GObject parent_instance;

  int needed[ATLAS_N_COLUMN_PARTS][ATLAS_N_REGION_COLUMNS];
  int chosen[ATLAS_N_REGION_COLUMNS]; /* 0: as needed */
  int width[ATLAS_N_REGION_COLUMNS];
  int available;
  guint serial;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasColumnWidths, atlas_column_widths, G_TYPE_OBJECT)

static int
get_needed (AtlasColumnWidths *self, guint column)
{
  return MAX (self->needed[ATLAS_COLUMN_TITLE][column], self->needed[ATLAS_COLUMN_TEXTS][column]);
}

/* Whether anything is elsewhere now. */
static gboolean
update (AtlasColumnWidths *self)
{
  int before[ATLAS_N_REGION_COLUMNS];
  gboolean changed;

  memcpy (before, self->width, sizeof before);
  for (guint i = 0; i < ATLAS_N_REGION_COLUMNS; i++)
    self->width[i] = self->chosen[i] > 0 ? self->chosen[i] : get_needed (self, i);
  if (self->chosen[ATLAS_REGION_COLUMN_NAME] == 0)
    self->width[ATLAS_REGION_COLUMN_NAME] +=
        MAX (self->available - atlas_column_widths_get_total (self), 0);
  changed = memcmp (before, self->width, sizeof before) != 0;
  self->serial += changed;
  return changed;
}

static void
update_and_tell (AtlasColumnWidths *self)
{
  if (update (self))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
atlas_column_widths_class_init (AtlasColumnWidthsClass *klass)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
atlas_column_widths_init (AtlasColumnWidths *self)
{
}

AtlasColumnWidths *
atlas_column_widths_new (void)
{
  return g_object_new (ATLAS_TYPE_COLUMN_WIDTHS, NULL);
}

void
atlas_column_widths_need (AtlasColumnWidths *self,
                          AtlasColumnPart part,
                          AtlasRegionColumn column,
                          int width)
{
  g_return_if_fail (ATLAS_IS_COLUMN_WIDTHS (self) && part < ATLAS_N_COLUMN_PARTS);
  g_return_if_fail (column < ATLAS_N_REGION_COLUMNS);

  if (self->needed[part][column] == width)
    return;
  self->needed[part][column] = width;
  update_and_tell (self);
}

void
atlas_column_widths_choose (AtlasColumnWidths *self, AtlasRegionColumn column, int width)
{
  g_return_if_fail (ATLAS_IS_COLUMN_WIDTHS (self) && column < ATLAS_N_REGION_COLUMNS);

  self->chosen[column] = MAX (width, LEAST_WIDTH);
  update_and_tell (self);
}

void
atlas_column_widths_fit (AtlasColumnWidths *self, int available)
{
  g_return_if_fail (ATLAS_IS_COLUMN_WIDTHS (self));

  if (self->available == available)
    return;
  self->available = available;
  update (self);
}

guint
atlas_column_widths_get_serial (AtlasColumnWidths *self)
{
  g_return_val_if_fail (ATLAS_IS_COLUMN_WIDTHS (self), 0);

  return self->serial;
}

int
atlas_column_widths_get_total (AtlasColumnWidths *self)
{
  int total = 0;

  g_return_val_if_fail (ATLAS_IS_COLUMN_WIDTHS (self), 0);

  for (guint i = 0; i < ATLAS_N_REGION_COLUMNS; i++)
    total += self->width[i];
  return total;
}

int
atlas_column_widths_get_width (AtlasColumnWidths *self, AtlasRegionColumn column)
{
  g_return_val_if_fail (ATLAS_IS_COLUMN_WIDTHS (self) && column < ATLAS_N_REGION_COLUMNS, 0);

  return self->width[column];
}

int
atlas_column_widths_get_left (AtlasColumnWidths *self, AtlasRegionColumn column)
{
  int left = 0;

  g_return_val_if_fail (ATLAS_IS_COLUMN_WIDTHS (self), 0);

  for (guint i = 0; i < column && i < ATLAS_N_REGION_COLUMNS; i++)
    left += self->width[i];
  return left;
}
