/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chooses cairo to paint with, and has GTK leave OpenGL and Vulkan alone. All that changes in this
 * window is painted by cairo in software in any case, so the graphics card would only be handed
 * finished pictures. What asking for it costs is much: with Mesa's software driver, which remote
 * and virtual machines have, 220 MB resident in place of 50, mostly of LLVM, and 2 s until the
 * window is there in place of 0.4 s. Whoever sets GSK_RENDERER has what it says.
 *
 * GTK has no functions for this, only variables of the environment. */

#include "atlas-config.h"

#include "atlas-renderer.h"

#include <gtk/gtk.h>

/* GDK_DEBUG gave what switches things off to GDK_DISABLE in this version, and complains since. */
#define FIRST_MINOR_WITH_GDK_DISABLE 16

typedef struct
{
  const char *name;
  char *before; /* NULL: was not set */
} Variable;

static Variable changed[2];
static guint n_changed;

static void
change (const char *name, const char *value)
{
  Variable variable = { name, g_strdup (g_getenv (name)) };

  g_assert (n_changed < G_N_ELEMENTS (changed));
  changed[n_changed++] = variable;
  g_setenv (name, value, TRUE);
}

/* Variables of GDK hold lists; what the person has in there stays. */
static void
append (const char *name, const char *words)
{
  const char *before = g_getenv (name);
  g_autofree char *list = before && *before ? g_strconcat (before, ",", words, NULL) : NULL;

  change (name, list ? list : words);
}

void
atlas_renderer_choose (void)
{
  const char *wanted = g_getenv ("GSK_RENDERER");

  if (wanted && *wanted && g_ascii_strcasecmp (wanted, "cairo") != 0)
    return;
  change ("GSK_RENDERER", "cairo");
  if (gtk_get_minor_version () >= FIRST_MINOR_WITH_GDK_DISABLE)
    append ("GDK_DISABLE", "gl,vulkan");
  else
    append ("GDK_DEBUG", "gl-disable");
}

void
atlas_renderer_restore_environment (void)
{
  while (n_changed > 0)
    {
      Variable *variable = &changed[--n_changed];

      if (variable->before)
        g_setenv (variable->name, variable->before, TRUE);
      else
        g_unsetenv (variable->name);
      g_clear_pointer (&variable->before, g_free);
    }
}
