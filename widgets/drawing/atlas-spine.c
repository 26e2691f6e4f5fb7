/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The layout of the spine. An address space is far too empty and its regions are far too unequal to
 * be drawn to scale, so: the widest gaps become breaks of a fixed height, as many as there is room
 * for; regions are gathered, ever more boldly, until each block can be read and clicked; and what
 * height is left goes to the blocks by the fourth root of their size. Everything is one or a few
 * passes over the regions, so that 60,000 of them take milliseconds. */

#include "atlas-spine-private.h"

#include <math.h>

/* Pixels. */
#define LEAST_BLOCK 14
#define SMALL_GAP 3
#define BREAK_PADDING 12
/* A gap narrower than this is never worth a label of its own. Bytes. */
#define LEAST_BREAK (G_GUINT64_CONSTANT (1) << 24)
/* Addresses from here on are the kernel's half on every architecture with 64 bits. */
#define UPPER_HALF (G_GUINT64_CONSTANT (1) << 63)

/* How boldly neighbours are gathered into one block. */
typedef enum
{
  GATHER_NOTHING,
  GATHER_FILE_PARTS, /* the same file, the same kind: text and constants of one library */
  GATHER_FILES,      /* the same file */
  GATHER_KINDS,      /* the same kind, and guards with whatever they guard */
  N_GATHERINGS
} Gathering;

/* Blanks count as well: a strip in which every block has the least height tells nothing of size. */
static const double wanted_room[N_GATHERINGS] = { 2.0, 1.5, 1.4, 1.4 };

/* A block to be, in ascending order. */
typedef struct
{
  guint64 start, end;
  guint first, n;
  double weight; /* sum of its members' */
  guint64 largest;
  AtlasKind kind; /* of the largest member */
} Group;

/* What every pass needs to know. */
typedef struct
{
  AtlasSpineLayout *layout;
  guint64 page_size;
  guint64 least_break; /* bytes: wider gaps are breaks */
  double break_height, least_block;
  double strip; /* pixels */
} Plan;

static double
weigh (const Plan *plan, guint64 bytes)
{
  return sqrt (sqrt ((double) bytes / (double) plan->page_size));
}

static gboolean
is_break (const Plan *plan, guint64 gap)
{
  return gap >= plan->least_break;
}

static gboolean
is_guard (AtlasKind kind)
{
  return kind == ATLAS_KIND_GUARD;
}

/* .bss has no name; it is its file's all the same. */
static gboolean
is_bss (const AtlasRegion *region)
{
  return region->kind == ATLAS_KIND_DATA && region->name[0] == '\0';
}

static gboolean
is_bss_of (const AtlasRegion *below, const AtlasRegion *region)
{
  return is_bss (region) && below->kind == ATLAS_KIND_DATA && below->end == region->start;
}

static gboolean
same_file (const AtlasRegion *below, const AtlasRegion *region)
{
  if (below->name == region->name && below->name[0] != '\0')
    return below->inode == region->inode;
  return is_bss_of (below, region);
}

static gboolean
may_gather (Gathering gathering, const AtlasRegion *below, const AtlasRegion *region)
{
  switch (gathering)
    {
    case GATHER_FILE_PARTS:
      return same_file (below, region) && below->kind == region->kind;
    case GATHER_FILES:
      return same_file (below, region);
    case GATHER_KINDS:
      return same_file (below, region) || below->kind == region->kind || is_guard (below->kind)
             || is_guard (region->kind);
    case GATHER_NOTHING:
    case N_GATHERINGS:
    default:
      return FALSE;
    }
}

static void
begin_group (const Plan *plan, GArray *groups, const AtlasRegion *region, guint index)
{
  Group group = { .start = region->start,
                  .end = region->end,
                  .first = index,
                  .n = 1,
                  .weight = weigh (plan, region->end - region->start),
                  .largest = region->end - region->start,
                  .kind = region->kind };

  g_array_append_val (groups, group);
}

static void
join_group (Group *group, const Group *next)
{
  group->end = next->end;
  group->n += next->n;
  group->weight += next->weight;
  if (next->largest > group->largest)
    {
      group->largest = next->largest;
      group->kind = next->kind;
    }
}

static Group *
last_group (GArray *groups)
{
  g_assert (groups->len > 0);
  return &g_array_index (groups, Group, groups->len - 1);
}

/* Joins the last group with the one before it. */
static void
join_last (GArray *groups)
{
  Group *last = last_group (groups);

  join_group (last - 1, last);
  g_array_set_size (groups, groups->len - 1);
}

/* Stops when there are more groups than @most: then there is no room for them anyway, and of tens
 * of thousands of regions only the last try looks at all. */
static GArray *
gather (const Plan *plan, Gathering gathering, double most)
{
  AtlasSnapshot *snapshot = plan->layout->snapshot;
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (Group));
  const AtlasRegion *below = NULL;

  for (guint i = 0; i < n_regions && groups->len <= most; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);

      begin_group (plan, groups, region, i);
      if (below != NULL && !is_break (plan, region->start - below->end)
          && may_gather (gathering, below, region))
        join_last (groups);
      below = region;
    }
  return groups;
}

/* Joins neighbours of whatever kind while together they weigh no more than @quota. */
static void
gather_by_weight (const Plan *plan, GArray *groups, double quota)
{
  guint kept = 0;

  for (guint i = 1; i < groups->len; i++)
    {
      Group *group = &g_array_index (groups, Group, kept);
      Group *next = &g_array_index (groups, Group, i);

      if (!is_break (plan, next->start - group->end) && group->weight + next->weight <= quota)
        join_group (group, next);
      else
        g_array_index (groups, Group, ++kept) = *next;
    }
  g_array_set_size (groups, MIN (groups->len, kept + 1));
}

static guint64
gap_below (GArray *groups, guint index)
{
  const Group *group = &g_array_index (groups, Group, index);

  return index == 0 ? group->start : group->start - g_array_index (groups, Group, index - 1).end;
}

static double
gap_height (const Plan *plan, guint64 gap)
{
  if (gap == 0)
    return 0;
  return is_break (plan, gap) ? plan->break_height : SMALL_GAP;
}

static double
gaps_height (const Plan *plan, GArray *groups)
{
  double sum = 0;

  for (guint i = 0; i < groups->len; i++)
    sum += gap_height (plan, gap_below (groups, i));
  return sum;
}

static gboolean
has_room (const Plan *plan, GArray *groups, double factor)
{
  double gaps = gaps_height (plan, groups);

  return gaps + groups->len * plan->least_block * factor <= plan->strip;
}

/* What certainly leaves no room, gaps or none: one more than would fill the strip. */
static double
most_groups (const Plan *plan, double factor)
{
  return plan->strip / (plan->least_block * factor) + 1;
}

static GArray *
choose_groups (const Plan *plan)
{
  double quota = 0;
  GArray *groups = NULL;

  for (guint gathering = 0; gathering < N_GATHERINGS; gathering++)
    {
      g_clear_pointer (&groups, g_array_unref);
      groups = gather (plan, (Gathering) gathering,
                       gathering == GATHER_KINDS ? G_MAXUINT
                                                 : most_groups (plan, wanted_room[gathering]));
      if (has_room (plan, groups, wanted_room[gathering]))
        return groups;
    }
  for (guint i = 0; i < groups->len; i++)
    quota += g_array_index (groups, Group, i).weight;
  /* From a fair share to all in one, in powers of the square root of two. */
  quota *= plan->least_block / MAX (plan->strip, 1);
  for (guint i = 0; i < 128 && !has_room (plan, groups, wanted_room[GATHER_KINDS]); i++)
    {
      gather_by_weight (plan, groups, quota);
      quota *= G_SQRT2;
    }
  return groups;
}

/* The widest gaps become breaks, as many as leave room for blocks between them. Powers of two, so
 * that it stays the same when something small changes. */
static void
choose_breaks (Plan *plan)
{
  AtlasSnapshot *snapshot = plan->layout->snapshot;
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);
  guint n_by_size[65] = { 0 };
  double most = MIN (plan->strip * 0.4 / plan->break_height, plan->strip * 0.4 / plan->least_block);
  guint64 last_end = 0;
  guint n = 0;

  for (guint i = 0; i < n_regions; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      guint64 gap = region->start - last_end;

      n_by_size[gap == 0 ? 0 : 64 - __builtin_clzll (gap)]++;
      last_end = region->end;
    }
  plan->least_break = G_MAXUINT64;
  for (guint bits = 64; bits > 0; bits--)
    {
      guint64 size = G_GUINT64_CONSTANT (1) << (bits - 1);

      n += n_by_size[bits];
      if (n > most || size < LEAST_BREAK)
        break;
      plan->least_break = size;
    }
}

static void
append_gap (AtlasSpineLayout *self, guint64 start, guint64 end, double height)
{
  AtlasSpineBlock block = { .height = height, .gap = TRUE, .start = start, .end = end };

  if (end > start)
    g_array_append_val (self->blocks, block);
}

static gboolean
is_one_file (AtlasSpineLayout *self, const Group *group)
{
  AtlasRegion *first = atlas_snapshot_get_region (self->snapshot, group->first);

  for (guint i = 1; i < group->n; i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (self->snapshot, group->first + i);

      if (region->name != first->name && !is_bss (region))
        return FALSE;
    }
  return first->name[0] != '\0' || group->n == 1;
}

static guint
count_of_kind (AtlasSpineLayout *self, const Group *group)
{
  guint n = 0;

  for (guint i = 0; i < group->n; i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (self->snapshot, group->first + i);

      if (region->kind == group->kind)
        n++;
      else if (!is_guard (region->kind))
        return 0;
    }
  return n;
}

static void
append_group (AtlasSpineLayout *self, const Group *group, double height)
{
  AtlasSpineBlock block = { .height = height,
                            .start = group->start,
                            .end = group->end,
                            .first_region = group->first,
                            .n_regions = group->n,
                            .kind = group->kind,
                            .one_file = is_one_file (self, group),
                            .n_of_kind = count_of_kind (self, group) };

  g_array_append_val (self->blocks, block);
}

/* Heights so far are wishes; makes them fill the strip exactly, on whole pixels unless that would
 * make blocks vanish. */
static void
stack_blocks (AtlasSpineLayout *self, gboolean whole_pixels)
{
  double sum = 0, y = 0;

  for (guint i = 0; i < self->blocks->len; i++)
    sum += g_array_index (self->blocks, AtlasSpineBlock, i).height;
  for (guint i = 0; i < self->blocks->len; i++)
    {
      AtlasSpineBlock *block = &g_array_index (self->blocks, AtlasSpineBlock, i);
      double scale = (self->bottom - self->top) / sum;
      double top = self->top + y * scale;

      y += block->height;
      block->y = whole_pixels ? round (top) : top;
      block->height = self->top + y * scale;
      if (i + 1 == self->blocks->len)
        block->height = self->bottom;
      if (whole_pixels)
        block->height = round (block->height);
      block->height -= block->y;
    }
}

static void
lay_out_folded (const Plan *plan)
{
  AtlasSpineLayout *self = plan->layout;
  g_autoptr (GArray) groups = choose_groups (plan);
  double spare = plan->strip - gaps_height (plan, groups) - groups->len * plan->least_block;
  double weights = 0;

  for (guint i = 0; i < groups->len; i++)
    {
      const Group *group = &g_array_index (groups, Group, i);
      weights += weigh (plan, group->end - group->start);
    }
  for (guint i = groups->len; i-- > 0;)
    {
      const Group *group = &g_array_index (groups, Group, i);
      double weight = weigh (plan, group->end - group->start);
      guint64 gap = gap_below (groups, i);

      append_group (self, group, plan->least_block + MAX (spare, 0) * weight / weights);
      append_gap (self, group->start - gap, group->start, gap_height (plan, gap));
    }
  stack_blocks (self, spare >= 0);
}

/* The hole between the halves is no memory anyone could map: true scale folds it, and only it. */
static gboolean
spans_halves (guint64 start, guint64 end)
{
  return start < UPPER_HALF && end >= UPPER_HALF;
}

/* Regions that lie within @pixel bytes are one block. */
static GArray *
gather_by_distance (const Plan *plan, guint64 pixel)
{
  AtlasSnapshot *snapshot = plan->layout->snapshot;
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (Group));

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);

      begin_group (plan, groups, region, i);
      if (groups->len > 1 && region->end - (last_group (groups) - 1)->start <= pixel)
        join_last (groups);
    }
  return groups;
}

static guint64
get_hole (AtlasSnapshot *snapshot)
{
  guint64 last_end = 0;

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);

      if (spans_halves (last_end, region->start))
        return region->start - last_end;
      last_end = region->end;
    }
  return 0;
}

static void
lay_out_true (const Plan *plan)
{
  AtlasSpineLayout *self = plan->layout;
  guint n_regions = atlas_snapshot_get_n_regions (self->snapshot);
  guint64 hole = get_hole (self->snapshot);
  double used = (double) (atlas_snapshot_get_region (self->snapshot, n_regions - 1)->end - hole);
  double hole_height = hole > 0 ? MIN (plan->break_height, plan->strip / 4) : 0;
  double scale = (plan->strip - hole_height) / used; /* pixels to a byte */
  g_autoptr (GArray) groups = gather_by_distance (plan, (guint64) (1 / scale));

  for (guint i = groups->len; i-- > 0;)
    {
      const Group *group = &g_array_index (groups, Group, i);
      guint64 gap = gap_below (groups, i);
      guint64 start = group->start - gap;

      append_group (self, group, (double) (group->end - group->start) * scale);
      append_gap (self, start, group->start,
                  spans_halves (start, group->start) ? hole_height : (double) gap * scale);
    }
  stack_blocks (self, FALSE);
}

static gboolean
is_laid_out_the_same (AtlasSpineLayout *self, AtlasSpineLayout *other)
{
  return atlas_snapshot_has_same_regions (self->snapshot, other->snapshot)
         && self->width == other->width && self->height == other->height
         && self->line_height == other->line_height && self->true_scale == other->true_scale;
}

static void
lay_out (AtlasSpineLayout *self)
{
  Plan plan = { .layout = self,
                .page_size = MAX (atlas_snapshot_get_page_size (self->snapshot), 1),
                .break_height = ceil (self->line_height + BREAK_PADDING),
                .least_block = MAX (LEAST_BLOCK, ceil (self->line_height + 3)),
                .strip = self->bottom - self->top };

  self->blocks = g_array_new (FALSE, FALSE, sizeof (AtlasSpineBlock));
  if (atlas_snapshot_get_n_regions (self->snapshot) == 0)
    return;
  choose_breaks (&plan);
  if (self->true_scale)
    lay_out_true (&plan);
  else
    lay_out_folded (&plan);
}

AtlasSpineLayout *
atlas_spine_layout_new (AtlasSnapshot *snapshot,
                        double width,
                        double height,
                        double line_height,
                        gboolean true_scale)
{
  return atlas_spine_layout_new_after (NULL, snapshot, width, height, line_height, true_scale);
}

AtlasSpineLayout *
atlas_spine_layout_new_after (AtlasSpineLayout *before,
                              AtlasSnapshot *snapshot,
                              double width,
                              double height,
                              double line_height,
                              gboolean true_scale)
{
  AtlasSpineLayout *self;

  g_return_val_if_fail (snapshot != NULL, NULL);

  self = g_new0 (AtlasSpineLayout, 1);
  self->snapshot = atlas_snapshot_ref (snapshot);
  self->width = MAX (width, 1);
  self->height = MAX (height, 1);
  self->line_height = MAX (line_height, 1);
  self->true_scale = true_scale;
  self->captions = self->height >= self->line_height * 10;
  self->top = self->captions ? ceil (self->line_height + 3) : 0;
  self->bottom = floor (self->height) - self->top;
  if (self->bottom <= self->top)
    self->bottom = self->height;
  /* Blocks do not change once they are laid out. */
  if (before != NULL && is_laid_out_the_same (self, before))
    self->blocks = g_array_ref (before->blocks);
  else
    lay_out (self);
  return self;
}

void
atlas_spine_layout_free (AtlasSpineLayout *self)
{
  if (self == NULL)
    return;
  atlas_snapshot_unref (self->snapshot);
  g_array_unref (self->blocks);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  g_free (self);
}

void
atlas_spine_layout_set_labels (AtlasSpineLayout *self, AtlasLabels *labels)
{
  g_return_if_fail (self != NULL);

  if (labels != NULL)
    atlas_labels_ref (labels);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  self->labels = labels;
}

const AtlasSpineBlock *
atlas_spine_layout_get_blocks (AtlasSpineLayout *self, guint *n_blocks)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (n_blocks != NULL)
    *n_blocks = self->blocks->len;
  return &g_array_index (self->blocks, AtlasSpineBlock, 0);
}

/* The last block that begins at or above @y, or NULL above them all. */
static const AtlasSpineBlock *
find_by_y (AtlasSpineLayout *self, double y)
{
  guint low = 0, high = self->blocks->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->blocks, AtlasSpineBlock, middle).y <= y)
        low = middle + 1;
      else
        high = middle;
    }
  return low == 0 ? NULL : &g_array_index (self->blocks, AtlasSpineBlock, low - 1);
}

const AtlasSpineBlock *
atlas_spine_layout_find (AtlasSpineLayout *self, guint64 address)
{
  guint low = 0, high = self->blocks->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->blocks, AtlasSpineBlock, middle).start > address)
        low = middle + 1;
      else
        high = middle;
    }
  return low == self->blocks->len ? NULL : &g_array_index (self->blocks, AtlasSpineBlock, low);
}

const AtlasSpineBlock *
atlas_spine_layout_hit (AtlasSpineLayout *self, double y)
{
  g_return_val_if_fail (self != NULL, NULL);

  return y < self->bottom ? find_by_y (self, y) : NULL;
}

guint64
atlas_spine_layout_get_address (AtlasSpineLayout *self, double y)
{
  const AtlasSpineBlock *block;
  double share;
  guint64 size, below_top;

  g_return_val_if_fail (self != NULL, 0);

  if (self->blocks->len == 0)
    return 0;
  block = find_by_y (self, CLAMP (y, self->top, self->bottom));
  if (block == NULL)
    block = &g_array_index (self->blocks, AtlasSpineBlock, 0);
  size = block->end - block->start;
  share = block->height > 0 ? CLAMP ((y - block->y) / block->height, 0, 1) : 0;
  below_top = (guint64) MIN (share * (double) size, 0x1.fffffffffffffp63);
  return block->end - 1 - MIN (below_top, size - 1);
}

double
atlas_spine_layout_get_y (AtlasSpineLayout *self, guint64 address)
{
  const AtlasSpineBlock *block;
  double share;

  g_return_val_if_fail (self != NULL, 0);

  block = atlas_spine_layout_find (self, address);
  if (block == NULL)
    return self->bottom;
  if (address >= block->end)
    return block->y;
  share = (double) (block->end - address) / (double) (block->end - block->start);
  return block->y + share * block->height;
}
