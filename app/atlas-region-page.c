/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Region tab. Facts come from maps and the page states; those of smaps are there for the selected
 * region only and where the kernel permits, and are left out otherwise, not shown as zero. */

#include "atlas-config.h"

#include "atlas-region-page.h"

#include <glib/gi18n-lib.h>

#include "atlas-age.h"
#include "atlas-breakdown.h"
#include "atlas-fact-list.h"
#include "atlas-format.h"
#include "atlas-optional-label.h"
#include "atlas-process-state.h"
#include "atlas-steady-number.h"
#include "atlas-words.h"
#include "atlas-template.h"

/* Allocations that are listed one by one. */
#define MOST_ALLOCATIONS 4
#define WHY_CHARS 14 /* until the title is known */

struct _AtlasRegionPage
{
  GtkWidget parent_instance;

  GtkLabel *title_label;
  GtkLabel *explanation_label;
  AtlasFactList *facts;
  GtkWidget *page_box;
  GtkLabel *page_label;
  AtlasFactList *page_facts;
  GtkBox *why_box;
  GtkWidget *why_title; /* in why_box */
  AtlasBreakdown *breakdown;
  GtkLabel *differ_label;
  GtkLabel *zero_label;
  GtkWidget *problems_box;
  GtkLabel *problems_label;

  AtlasSession *session;
};

G_DEFINE_FINAL_TYPE (AtlasRegionPage, atlas_region_page, GTK_TYPE_WIDGET)

static void
add (AtlasRegionPage *self, const char *label, char *value)
{
  g_autofree char *owned = value;

  atlas_fact_list_add (self->facts, label, owned, NULL);
}

static void
add_kb (AtlasRegionPage *self, const char *label, guint64 kb)
{
  add (self, label, atlas_format_kb (kb));
}

/* "6,298 kB · 1,574 pages" */
static char *
format_pages (guint64 pages, guint64 page_size)
{
  g_autofree char *kb = atlas_format_kb (pages * (page_size / 1024));
  g_autofree char *count = atlas_format_count (pages);

  /* Translators: an amount in kB, and the same as a number of pages */
  return g_strdup_printf (ngettext ("%s · %s page", "%s · %s pages", pages), kb, count);
}

static char *
format_hex (guint64 address)
{
  g_autofree char *digits = atlas_format_address (address);

  return g_strconcat ("0x", digits, NULL);
}

static void
add_pages (AtlasRegionPage *self, const AtlasPageCounts *counts, guint64 page_size)
{
  add (self, _ ("Size"), format_pages (counts->pages, page_size));
  if (counts->unknown == counts->pages)
    {
      add (self, _ ("Resident"), g_strdup (_ ("unknown")));
      return;
    }
  add (self, _ ("Resident"), format_pages (counts->resident, page_size));
  if (counts->swapped > 0)
    add (self, _ ("Swapped"), format_pages (counts->swapped, page_size));
  if (counts->zero > 0)
    add (self, _ ("Page of zeros"), format_pages (counts->zero, page_size));
  if (counts->huge > 0)
    add (self, _ ("In huge pages"), format_pages (counts->huge, page_size));
  if (counts->shared > 0)
    add (self, counts->file > 0 ? _ ("Mapped elsewhere too") : _ ("Still shared"),
         format_pages (counts->shared, page_size));
  if (counts->unknown > 0)
    add (self, _ ("Unknown"), format_pages (counts->unknown, page_size));
}

/* How old that is; nothing where it cannot be read. */
static void
add_age (AtlasRegionPage *self, AtlasSnapshot *snapshot, const AtlasRegion *region)
{
  add (self, _ ("Pages read"),
       atlas_age_format (atlas_snapshot_get_age (snapshot, region->start, region->end)));
}

static void
add_locked (AtlasRegionPage *self, const AtlasRegion *region)
{
  switch (region->locked)
    {
    case ATLAS_LOCKED_YES:
      add (self, _ ("Locked"), g_strdup (_ ("yes, by mlock() or mlockall()")));
      break;
    case ATLAS_LOCKED_UNKNOWN:
      add (self, _ ("Locked"), g_strdup (_ ("unknown")));
      break;
    case ATLAS_LOCKED_NO:
    default:
      add (self, _ ("Locked"), g_strdup (_ ("no")));
      break;
    }
}

static void
add_smaps (AtlasRegionPage *self, const AtlasSmaps *smaps, const AtlasRegion *region)
{
  if (!smaps || smaps->start != region->start)
    return;
  add_kb (self, _ ("Proportional (Pss)"), smaps->pss);
  add_kb (self, _ ("Private dirty"), smaps->private_dirty);
  add_kb (self, _ ("Private clean"), smaps->private_clean);
  if (smaps->shared_dirty > 0)
    add_kb (self, _ ("Shared dirty"), smaps->shared_dirty);
  if (smaps->shared_clean > 0)
    add_kb (self, _ ("Shared clean"), smaps->shared_clean);
  add_kb (self, _ ("Referenced"), smaps->referenced);
  if (smaps->anon_huge_pages > 0)
    add_kb (self, _ ("Huge (AnonHugePages)"), smaps->anon_huge_pages);
  if (smaps->private_hugetlb + smaps->shared_hugetlb > 0)
    add_kb (self, _ ("Huge (hugetlb)"), smaps->private_hugetlb + smaps->shared_hugetlb);
  if (smaps->kernel_page_size > 0)
    add_kb (self, _ ("Page size"), smaps->kernel_page_size);
  if (*smaps->flags)
    add (self, _ ("Flags (VmFlags)"), g_strdup (smaps->flags));
}

static void
add_backing (AtlasRegionPage *self, const AtlasRegion *region)
{
  add (self, _ ("Backing"), atlas_words_backing (region));
  if (region->inode == 0)
    return;
  add (self, _ ("Offset in it"), format_hex (region->offset));
  add (self, _ ("Device and inode"),
       g_strdup_printf ("%02x:%02x %" G_GUINT64_FORMAT, region->device_major, region->device_minor,
                        region->inode));
}

/* The allocations that have bytes at some addresses, and which bytes they are. */
static void
add_allocations (AtlasRegionPage *self, AtlasFactList *facts, guint64 start, guint64 end)
{
  guint n;
  const AtlasLabel *labels =
      atlas_labels_find (atlas_session_get_labels (self->session), start, end, &n);

  for (guint i = 0; i < MIN (n, MOST_ALLOCATIONS); i++)
    {
      g_autofree char *range = atlas_format_range (labels[i].start, labels[i].end);

      atlas_fact_list_add (facts, labels[i].name, range, NULL);
    }
  if (n > MOST_ALLOCATIONS)
    {
      g_autofree char *count = atlas_format_count (n - MOST_ALLOCATIONS);

      atlas_fact_list_add (facts, _ ("More allocations"), count, NULL);
    }
}

static void
show_region (AtlasRegionPage *self, AtlasSnapshot *snapshot, AtlasRegion *region)
{
  guint64 page_size = atlas_snapshot_get_page_size (snapshot);
  g_autofree char *title =
      atlas_labels_dup_title (atlas_session_get_labels (self->session), region, page_size);
  AtlasPageCounts counts;

  atlas_pages_count_all (region->pages, &counts);
  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (self->explanation_label, atlas_kind_get_explanation (region->kind));

  atlas_fact_list_begin (self->facts);
  add (self, _ ("Kind"), g_strdup (atlas_kind_get_title (region->kind)));
  add_allocations (self, self->facts, region->start, region->end);
  add (self, _ ("Start"), format_hex (region->start));
  add (self, _ ("End"), format_hex (region->end));
  add_pages (self, &counts, page_size);
  add_age (self, snapshot, region);
  add_locked (self, region);
  add (self, _ ("Protection"), atlas_words_permissions (region->permissions));
  add_backing (self, region);
  add_smaps (self, atlas_snapshot_get_smaps (snapshot), region);
  atlas_fact_list_end (self->facts);
}

static char *
format_started (AtlasSnapshot *snapshot)
{
  double epoch = atlas_snapshot_get_start_epoch (snapshot);

  return epoch > 0 ? atlas_format_time ((gint64) (epoch * G_USEC_PER_SEC)) : NULL;
}

/* With nothing selected: the whole. */
static void
show_process (AtlasRegionPage *self, AtlasSnapshot *snapshot)
{
  const AtlasStatus *status = atlas_snapshot_get_status (snapshot);
  const char *command = atlas_snapshot_get_command (snapshot);
  gboolean has_map = atlas_snapshot_get_n_regions (snapshot) > 0;

  gtk_label_set_text (self->title_label, atlas_snapshot_get_name (snapshot));
  gtk_label_set_text (self->explanation_label,
                      has_map ? _ ("Click a region on the map to read about it here.") : "");
  atlas_fact_list_begin (self->facts);
  add (self, _ ("PID"), g_strdup_printf ("%d", atlas_snapshot_get_pid (snapshot)));
  add (self, _ ("User"), g_strdup (atlas_snapshot_get_user (snapshot)));
  add (self, _ ("State"),
       atlas_process_state_describe (status->state, atlas_snapshot_get_tracer (snapshot)));
  add (self, _ ("Threads"), atlas_format_count (status->threads));
  add (self, _ ("Started"), format_started (snapshot));
  if (has_map)
    add (self, _ ("Regions"), atlas_format_count (atlas_snapshot_get_n_regions (snapshot)));
  add (self, _ ("Command line"), *command ? g_strdup (command) : NULL);
  atlas_fact_list_end (self->facts);
}

static void
add_page_fact (AtlasRegionPage *self, const char *label, char *value)
{
  g_autofree char *owned = value;

  atlas_fact_list_add (self->page_facts, label, owned, NULL);
}

static void
show_page (AtlasRegionPage *self, AtlasSnapshot *snapshot, AtlasRegion *region)
{
  guint64 address = atlas_session_get_selected (self->session);
  guint64 page, n_pages, page_size;
  AtlasPageState state;
  g_autofree char *number = NULL;
  g_autofree char *all = NULL;
  g_autofree char *title = NULL;
  g_autofree char *counted = NULL;

  gtk_widget_set_visible (self->page_box, region != NULL);
  if (!region)
    return;
  page_size = atlas_snapshot_get_page_size (snapshot);
  page = (address - region->start) / page_size;
  n_pages = atlas_pages_get_n_pages (region->pages);
  state = atlas_pages_get_state (region->pages, page);
  number = atlas_format_count (page + 1);
  all = atlas_format_count (n_pages);
  /* Translators: number of the page, and of all pages in the region */
  title = g_strdup_printf (_ ("Page %s of %s"), number, all);
  gtk_label_set_text (self->page_label, title);

  counted = atlas_words_counted_in (region, state);
  atlas_fact_list_begin (self->page_facts);
  address = region->start + page * page_size;
  add_page_fact (self, _ ("Address"), format_hex (address));
  add_allocations (self, self->page_facts, address, address + page_size);
  add_page_fact (self, _ ("State"), atlas_words_page_state (state));
  add_page_fact (self, _ ("Counted in"), *counted ? g_steal_pointer (&counted) : NULL);
  atlas_fact_list_end (self->page_facts);
}

/* Where the map and the kernel's number are not the same, both are told. */
static char *
describe_difference (AtlasSnapshot *snapshot, guint64 rss_kb)
{
  guint64 kb_per_page = atlas_snapshot_get_page_size (snapshot) / 1024;
  guint64 map_kb = atlas_snapshot_count (snapshot, ATLAS_COUNTER_VM_RSS) * kb_per_page;
  g_autofree char *map = NULL;
  g_autofree char *kernel = NULL;

  if (map_kb == rss_kb)
    return NULL;
  map = atlas_format_kb (map_kb);
  kernel = atlas_format_kb (rss_kb);
  return g_strdup_printf (_ ("The pages on the map add up to %s, VmRSS says %s: they are read one "
                             "after the other, and the kernel keeps its number in rough steps."),
                          map, kernel);
}

static char *
describe_zero_pages (AtlasSnapshot *snapshot)
{
  guint64 zero = atlas_snapshot_get_counts (snapshot)->zero;
  g_autofree char *count = NULL;
  g_autofree char *bytes = NULL;

  if (zero == 0)
    return NULL;
  count = atlas_format_count (zero);
  bytes = atlas_format_bytes (zero * atlas_snapshot_get_page_size (snapshot));
  return g_strdup_printf (
      ngettext ("%s page (%s) is the shared zero page: it is mapped, but the kernel does not count "
                "it in VmRSS.",
                "%s pages (%s) are the shared zero page: they are mapped, but the kernel does not "
                "count them in VmRSS.",
                zero),
      count, bytes);
}

static void
show_why (AtlasRegionPage *self, AtlasSnapshot *snapshot)
{
  const AtlasStatus *status = atlas_snapshot_get_status (snapshot);
  guint64 rss_kb = status->kb[ATLAS_COUNTER_VM_RSS];
  gboolean can_tell = atlas_status_has (status, ATLAS_COUNTER_VM_RSS)
                      && atlas_snapshot_get_counts (snapshot)->resident > 0;
  g_autofree char *rss = atlas_format_bytes (rss_kb * 1024);
  g_autofree char *title = NULL;
  g_autofree char *difference = NULL;
  g_autofree char *zero = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->why_box), can_tell);
  if (!can_tell)
    return;
  title = g_strdup_printf (_ ("Why is VmRSS %s?"), rss);
  difference = describe_difference (snapshot, rss_kb);
  zero = describe_zero_pages (snapshot);
  atlas_steady_number_set (GTK_INSCRIPTION (self->why_title), 0, title);
  atlas_breakdown_show (self->breakdown, snapshot);
  atlas_optional_label_set (self->differ_label, difference);
  atlas_optional_label_set (self->zero_label, zero);
}

static void
show_problems (AtlasRegionPage *self, AtlasSnapshot *snapshot)
{
  const char *const *problems = atlas_snapshot_get_problems (snapshot);
  gboolean any = problems && problems[0];
  g_autofree char *text = any ? g_strjoinv ("\n", (char **) problems) : NULL;

  gtk_widget_set_visible (self->problems_box, any);
  atlas_optional_label_set (self->problems_label, text);
}

static void
update (AtlasRegionPage *self)
{
  AtlasSnapshot *snapshot = self->session ? atlas_session_get_snapshot (self->session) : NULL;
  AtlasRegion *region;

  /* Without a snapshot the inspector as a whole says so. */
  if (!snapshot || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  region = atlas_session_get_selected_region (self->session);
  if (region)
    show_region (self, snapshot, region);
  else
    show_process (self, snapshot);
  gtk_widget_set_visible (GTK_WIDGET (self->explanation_label),
                          *gtk_label_get_text (self->explanation_label) != '\0');
  show_page (self, snapshot, region);
  show_why (self, snapshot);
  show_problems (self, snapshot);
}

void
atlas_region_page_set_session (AtlasRegionPage *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_REGION_PAGE (self));
  g_return_if_fail (ATLAS_IS_SESSION (session));
  g_return_if_fail (!self->session);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::snapshot", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::labels", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::selected-address", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
atlas_region_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_region_page_parent_class)->map (widget);
  update (ATLAS_REGION_PAGE (widget));
}

static void
atlas_region_page_dispose (GObject *object)
{
  AtlasRegionPage *self = ATLAS_REGION_PAGE (object);

  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_REGION_PAGE);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_region_page_parent_class)->dispose (object);
}

static void
atlas_region_page_class_init (AtlasRegionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_region_page_dispose;
  widget_class->map = atlas_region_page_map;

  g_type_ensure (ATLAS_TYPE_FACT_LIST);
  g_type_ensure (ATLAS_TYPE_BREAKDOWN);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-region-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, explanation_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, facts);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, page_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, page_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, page_facts);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, why_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, breakdown);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, differ_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, zero_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, problems_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionPage, problems_label);
}

static void
atlas_region_page_init (AtlasRegionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->why_title = atlas_steady_number_new (WHY_CHARS);
  gtk_widget_add_css_class (self->why_title, "heading");
  gtk_box_prepend (self->why_box, self->why_title);
}
