/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A session on a recorded process, a window to put widgets in, and keys to press. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-palette.h"
#include "atlas-session.h"
#include "recording.h"

typedef struct
{
  Recording *recording;
  AtlasSession *session;
  GtkWidget *window; /* NULL until fixture_present() */
} Fixture;

/* The recorded shell, not sampled but when asked. */
void fixture_init (Fixture *self, gboolean with_pages);
void fixture_clear (Fixture *self);
/* Closes the window, so that widgets in it can be seen to go. */
void fixture_close (Fixture *self);

/* Forgets the recorded regions, to write others. */
void fixture_begin_maps (Fixture *self);
/* Writes what was recorded and samples it. */
void fixture_refresh (Fixture *self);
/* Samples @pid, whatever was looked at before, and waits for it. */
void fixture_sample (AtlasSession *session, int pid);
/* Shows @widget, scrolled, in a window of that size, and waits until it is allocated. */
void fixture_present_scrolled (Fixture *self, GtkWidget *widget, int width, int height);
void fixture_present (Fixture *self, GtkWidget *widget, int width, int height);
/* Resizes the window and waits for it. */
void fixture_resize (Fixture *self, GtkWidget *widget, int width, int height);

/* Lets everything happen that is due, a frame drawn included. */
void fixture_settle (Fixture *self);
/* Activates what the class of @widget binds to the key. FALSE when it binds nothing, or declines.
 */
gboolean fixture_press (GtkWidget *widget, guint keyval, GdkModifierType modifiers);
/* Emits query-tooltip and gives the lines shown, or NULL. (transfer full) */
GStrv fixture_query_tooltip (GtkWidget *widget, double x, double y, gboolean keyboard);
/* That a label or description is that text; NULL: that there is none. */
void fixture_assert_text (GtkWidget *widget, GtkAccessibleProperty property, const char *text);
/* What @widget shows, once everything due has happened: 4 bytes a pixel. */
GBytes *fixture_render (Fixture *self, GtkWidget *widget);
/* In what fixture_render() gave of @widget, how many pixels of @area are painted on by at least
 * @least: 255 covers what is behind. */
guint
fixture_count_ink (GtkWidget *widget, GBytes *pixels, const graphene_rect_t *area, guint least);
/* How many of the pixels have that colour. */
guint fixture_count_color (GBytes *pixels, const AtlasColor *color);
/* Presses a key in the key controllers of @widget. FALSE when none takes it. */
gboolean fixture_press_key (GtkWidget *widget, guint keyval, GdkModifierType modifiers);
/* The first descendant of @widget of that type, depth first. */
GtkWidget *fixture_find (GtkWidget *widget, GType type);
/* Texts of the visible labels and inscriptions in @widget, top down. (transfer full) */
GStrv fixture_dup_labels (GtkWidget *widget);
