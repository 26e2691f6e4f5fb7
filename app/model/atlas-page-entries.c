/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Page states by reading pagemap entries, for kernels without PAGEMAP_SCAN. The entries do not say
 * which page is the zero page or part of a huge one; with privilege they name the page frame, and
 * kpageflags tells of that. */

#include "atlas-config.h"

#include "atlas-page-walk.h"

#include <unistd.h>

#include "atlas-pagemap-uapi.h"

typedef struct
{
  AtlasPageWalk *walk;
  AtlasPageFiller *filler;
  guint64 zero_frame; /* the page frame of zeros once it is known, else 0 */
  guint64 *frames;    /* flags of the frames of one huge page */
  guint64 run_start;  /* bytes: neighbouring pages in the same state, not yet added */
  guint64 run_end;
  AtlasPageState run_state;
} Reading;

static void
flush_run (Reading *reading)
{
  if (reading->run_start < reading->run_end)
    atlas_page_filler_add (reading->filler, reading->run_start, reading->run_end,
                           reading->run_state);
  reading->run_start = reading->run_end = 0;
}

static void
add_pages (Reading *reading, guint64 start, guint64 end, AtlasPageState state)
{
  if (reading->run_end != start || reading->run_state != state)
    {
      flush_run (reading);
      reading->run_start = start;
      reading->run_state = state;
    }
  reading->run_end = end;
}

static gboolean
read_frames (Reading *reading, guint64 frame, guint64 n_frames)
{
  gsize length = n_frames * sizeof (guint64);

  return pread (reading->walk->kpageflags, reading->frames, length,
                (off_t) (frame * sizeof (guint64)))
         == (ssize_t) length;
}

/* The zero page is present, not of a file, and mapped by others as well. */
static gboolean
is_zero (Reading *reading, guint64 entry)
{
  const guint64 bits = ATLAS_ENTRY_PRESENT | ATLAS_ENTRY_FILE | ATLAS_ENTRY_EXCLUSIVE;
  guint64 frame = entry & ATLAS_ENTRY_PFN_MASK;

  if (reading->walk->kpageflags < 0 || (entry & bits) != ATLAS_ENTRY_PRESENT || frame == 0)
    return FALSE;
  if (frame == reading->zero_frame)
    return TRUE;
  if (!read_frames (reading, frame, 1) || !(reading->frames[0] & ATLAS_FRAME_ZERO))
    return FALSE;
  reading->zero_frame = frame;
  return TRUE;
}

/* Whether the entries at @address are consecutive frames from an aligned one on, as they are when a
 * huge page is mapped. */
static gboolean
has_huge_shape (const AtlasPageWalk *walk, guint64 address, guint64 n_pages)
{
  guint64 first = atlas_page_walk_get_entry (walk, address);
  guint64 frame = first & ATLAS_ENTRY_PFN_MASK;

  if (!(first & ATLAS_ENTRY_PRESENT) || frame == 0 || frame % n_pages != 0)
    return FALSE;
  for (guint64 i = 1; i < n_pages; i++)
    {
      guint64 entry = atlas_page_walk_get_entry (walk, address + i * walk->page_size);

      if (!(entry & ATLAS_ENTRY_PRESENT) || (entry & ATLAS_ENTRY_PFN_MASK) != frame + i)
        return FALSE;
    }
  return TRUE;
}

/* One huge page, rather than many small ones that happen to lie in a row. (One that is whole but
 * was mapped page by page is not told from one mapped by a single entry.) */
static gboolean
are_huge_frames (const guint64 *frames, guint64 n_pages)
{
  if (frames[0] & ATLAS_FRAME_HUGETLB)
    return TRUE;
  if (!(frames[0] & ATLAS_FRAME_THP) || !(frames[0] & ATLAS_FRAME_COMPOUND_HEAD))
    return FALSE;
  for (guint64 i = 1; i < n_pages; i++)
    if (!(frames[i] & ATLAS_FRAME_COMPOUND_TAIL))
      return FALSE;
  return TRUE;
}

/* Whether the block of a huge page's size that begins at @address is one; @end: of what is loaded
 * of the region. */
static gboolean
is_huge (Reading *reading, guint64 address, guint64 end)
{
  const AtlasPageWalk *walk = reading->walk;
  guint64 n_pages = walk->huge_size / walk->page_size;

  if (walk->kpageflags < 0 || address % walk->huge_size != 0 || end - address < walk->huge_size
      || !has_huge_shape (walk, address, n_pages))
    return FALSE;
  return read_frames (reading, atlas_page_walk_get_entry (walk, address) & ATLAS_ENTRY_PFN_MASK,
                      n_pages)
         && are_huge_frames (reading->frames, n_pages);
}

/* Pages [@start, @end), which are loaded and of one region. */
static void
add_loaded (Reading *reading, guint64 start, guint64 end)
{
  const AtlasPageWalk *walk = reading->walk;
  guint64 huge_end = start;

  for (guint64 address = start; address < end; address += walk->page_size)
    {
      guint64 entry = atlas_page_walk_get_entry (walk, address);
      AtlasPageState state = atlas_page_walk_get_entry_state (walk, entry);

      if (is_huge (reading, address, end))
        huge_end = address + walk->huge_size;
      if (address < huge_end)
        state |= ATLAS_PAGE_HUGE;
      else if (is_zero (reading, entry))
        state = ATLAS_PAGE_ZERO;
      add_pages (reading, address, address + walk->page_size, state);
    }
}

/* How far to read entries from @address on, in region @index: over near regions behind it, too;
 * if not to the end, to a boundary of huge pages, so that none is cut. */
static guint64
get_entries_end (const Reading *reading, guint index, guint64 address, guint64 most)
{
  const AtlasPageWalk *walk = reading->walk;
  const AtlasPageFiller *filler = reading->filler;
  guint64 end = filler->regions[index]->end;
  guint64 cut;

  for (guint i = index + 1; i < filler->n_regions && end - address < most; i++)
    {
      const AtlasRegion *region = filler->regions[i];

      if (region->start - end > ATLAS_WALK_GAP_PAGES * walk->page_size
          || atlas_page_source_of (region) == ATLAS_PAGE_SOURCE_OUTSIDE)
        break;
      end = region->end;
    }
  if (end - address <= most)
    return end;
  cut = (address + most) / walk->huge_size * walk->huge_size;
  return cut > address ? cut : address + most;
}

static gboolean
read_region (Reading *reading, guint index, guint64 most, GError **error)
{
  AtlasPageWalk *walk = reading->walk;
  const AtlasRegion *region = reading->filler->regions[index];

  for (guint64 address = region->start; address < region->end;)
    {
      guint64 end;

      if (address < walk->entries_start || address >= walk->entries_end)
        {
          guint64 entries_end = get_entries_end (reading, index, address, most);

          if (!atlas_page_walk_may_go_on (walk, address))
            return TRUE;
          if (!atlas_page_walk_load (walk, address, entries_end, error))
            return FALSE;
        }
      end = MIN (region->end, walk->entries_end);
      add_loaded (reading, address, end);
      address = end;
    }
  return TRUE;
}

/* Bytes of address space per call: the pace's slice, but whole huge pages, and what there is room
 * for. */
static guint64
get_most_bytes (const AtlasPageWalk *walk)
{
  guint64 room = ATLAS_WALK_MOST_ENTRIES * walk->page_size;

  if (walk->pace.slice_bytes == 0 || walk->pace.slice_bytes >= room)
    return room;
  return MAX (walk->pace.slice_bytes, MIN (walk->huge_size * 2, room)) / walk->page_size
         * walk->page_size;
}

gboolean
atlas_page_walk_read (AtlasPageWalk *self, AtlasPageFiller *filler, GError **error)
{
  g_autofree guint64 *frames = g_new (guint64, self->huge_size / self->page_size);
  Reading reading = { .walk = self, .filler = filler, .frames = frames };
  guint64 most = get_most_bytes (self);

  self->entries_start = self->entries_end = 0;
  for (guint i = 0; i < filler->n_regions; i++)
    {
      if (atlas_page_source_of (filler->regions[i]) == ATLAS_PAGE_SOURCE_OUTSIDE)
        break;
      if (!read_region (&reading, i, most, error))
        return FALSE;
      if (self->exhausted)
        break;
    }
  flush_run (&reading);
  return TRUE;
}
