/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A small popover with an entry. What is typed is an address if some region holds it, a part of a
 * region's name otherwise. Enter goes there; again, to the next of that name. */

#include "atlas-config.h"

#include "atlas-go-to.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-format.h"

struct _AtlasGoTo
{
  GtkPopover parent_instance;

  GtkEditable *entry;
  GtkLabel *message_label;

  AtlasSession *session;
};

G_DEFINE_FINAL_TYPE (AtlasGoTo, atlas_go_to, GTK_TYPE_POPOVER)

static void
say (AtlasGoTo *self, const char *text, gboolean is_error)
{
  gtk_label_set_text (self->message_label, text);
  if (is_error)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
      is_error ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static gboolean
is_named (AtlasRegion *region, const char *wanted)
{
  g_autofree char *title = atlas_region_dup_title (region);
  g_autofree char *name = atlas_region_dup_full_name (region);
  g_autofree char *both = g_strconcat (title, "\n", name, NULL);
  g_autofree char *folded = g_utf8_casefold (both, -1);

  return strstr (folded, wanted) != NULL;
}

/* The next region of that name above the selected one, from the bottom again after the last. */
static AtlasRegion *
find_named (AtlasGoTo *self,
            AtlasSnapshot *snapshot,
            const char *text,
            guint *number,
            guint *n_found)
{
  g_autofree char *wanted = g_utf8_casefold (text, -1);
  guint64 selected = atlas_session_get_selected (self->session);
  AtlasRegion *first = NULL, *next = NULL;

  *number = 1;
  *n_found = 0;
  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);

      if (!is_named (region, wanted))
        continue;
      ++*n_found;
      if (!first)
        first = region;
      if (!next && region->start > selected)
        {
          next = region;
          *number = *n_found;
        }
    }
  return next ? next : first;
}

static void
go (AtlasGoTo *self, guint64 address)
{
  atlas_session_select (self->session, address);
  atlas_session_reveal (self->session, address);
}

static gboolean
go_to_address (AtlasGoTo *self, AtlasSnapshot *snapshot, const char *text)
{
  guint64 address, page_size = atlas_snapshot_get_page_size (snapshot);
  guint index;

  if (!atlas_parse_address (text, &address) || !atlas_snapshot_find (snapshot, address, &index))
    return FALSE;
  go (self, address - address % page_size);
  gtk_popover_popdown (GTK_POPOVER (self));
  return TRUE;
}

static gboolean
go_to_name (AtlasGoTo *self, AtlasSnapshot *snapshot, const char *text)
{
  guint number, n_found;
  AtlasRegion *region = find_named (self, snapshot, text, &number, &n_found);
  g_autofree char *message = NULL;

  if (!region)
    return FALSE;
  go (self, region->start);
  if (n_found == 1)
    gtk_popover_popdown (GTK_POPOVER (self));
  /* Translators: "2 of 5. Enter goes to the next." */
  message = g_strdup_printf (_ ("%u of %u. Enter goes to the next."), number, n_found);
  say (self, message, FALSE);
  return TRUE;
}

static void
say_not_found (AtlasGoTo *self, const char *text)
{
  guint64 address;
  g_autofree char *digits = NULL;
  g_autofree char *message = NULL;

  if (atlas_parse_address (text, &address))
    {
      digits = atlas_format_address (address);
      message = g_strdup_printf (_ ("Nothing is mapped at 0x%s."), digits);
    }
  else
    message = g_strdup (_ ("Neither a name here nor an address."));
  say (self, message, TRUE);
}

static void
activated_cb (AtlasGoTo *self)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (self->session);
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));

  if (!*text)
    return;
  if (!snapshot || atlas_snapshot_get_n_regions (snapshot) == 0)
    say (self, _ ("There is no map to go to."), TRUE);
  else if (!go_to_address (self, snapshot, text) && !go_to_name (self, snapshot, text))
    say_not_found (self, text);
}

static void
changed_cb (AtlasGoTo *self)
{
  say (self, _ ("Such as 7f2c1a000000, [heap] or libc"), FALSE);
}

void
atlas_go_to_set_session (AtlasGoTo *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_GO_TO (self));
  g_return_if_fail (ATLAS_IS_SESSION (session));

  g_set_object (&self->session, session);
}

void
atlas_go_to_open (AtlasGoTo *self)
{
  GtkWidget *parent;

  g_return_if_fail (ATLAS_IS_GO_TO (self));

  /* Hangs from the top of what it belongs to, where it hides least. */
  parent = gtk_widget_get_parent (GTK_WIDGET (self));
  gtk_popover_set_pointing_to (GTK_POPOVER (self),
                               &(GdkRectangle){ gtk_widget_get_width (parent) / 2, 0, 1, 1 });
  gtk_editable_set_text (self->entry, "");
  changed_cb (self);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
atlas_go_to_dispose (GObject *object)
{
  AtlasGoTo *self = ATLAS_GO_TO (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ATLAS_TYPE_GO_TO);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_go_to_parent_class)->dispose (object);
}

static void
atlas_go_to_class_init (AtlasGoToClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_go_to_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-go-to.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasGoTo, entry);
  gtk_widget_class_bind_template_child (widget_class, AtlasGoTo, message_label);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
atlas_go_to_init (AtlasGoTo *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
