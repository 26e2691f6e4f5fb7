/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Loads the style sheet from the library's own resource, so that the widgets look right in whatever
 * program uses them. */

#include "atlas-style.h"

#include "atlas-widgets-resources.h"

#define STYLE_PATH "/org/memoryatlas/MemoryAtlas/widgets/style.css"
#define STYLE_KEY "atlas-style"

void
atlas_style_ensure (GdkDisplay *display)
{
  g_autoptr (GtkCssProvider) provider = NULL;

  g_return_if_fail (GDK_IS_DISPLAY (display));

  if (g_object_get_data (G_OBJECT (display), STYLE_KEY) != NULL)
    return;

  /* A constructor in a static library is dropped by the linker, hence by hand. */
  atlas_widgets_register_resource ();
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, STYLE_PATH);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_set_data_full (G_OBJECT (display), STYLE_KEY, g_steal_pointer (&provider),
                          g_object_unref);
}
