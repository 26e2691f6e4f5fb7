/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tabs. Each reads the session by itself, and only while it is seen. */

#include "atlas-config.h"

#include "atlas-inspector.h"

#include "atlas-counters-page.h"
#include "atlas-lesson-page.h"
#include "atlas-limits-page.h"
#include "atlas-region-page.h"
#include "atlas-template.h"

struct _AtlasInspector
{
  GtkWidget parent_instance;

  GtkStack *stack;
  AtlasRegionPage *region_page;
  AtlasCountersPage *counters_page;
  AtlasLimitsPage *limits_page;
  GtkStack *tabs;
  GtkStackPage *lesson_tab;
  AtlasLessonPage *lesson_page;
};

static guint lesson_closed_signal;

G_DEFINE_FINAL_TYPE (AtlasInspector, atlas_inspector, GTK_TYPE_WIDGET)

void
atlas_inspector_set_session (AtlasInspector *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_INSPECTOR (self));
  g_return_if_fail (ATLAS_IS_SESSION (session));

  atlas_region_page_set_session (self->region_page, session);
  atlas_counters_page_set_session (self->counters_page, session);
  atlas_limits_page_set_session (self->limits_page, session);
}

void
atlas_inspector_set_empty (AtlasInspector *self, gboolean empty)
{
  g_return_if_fail (ATLAS_IS_INSPECTOR (self));

  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "pages");
}

void
atlas_inspector_set_lesson (AtlasInspector *self, AtlasExperiment *experiment, AtlasLesson *lesson)
{
  g_return_if_fail (ATLAS_IS_INSPECTOR (self));

  atlas_lesson_page_begin (self->lesson_page, experiment, lesson);
  gtk_stack_page_set_visible (self->lesson_tab, lesson != NULL);
  gtk_stack_set_visible_child_name (self->tabs, lesson ? "lesson" : "region");
}

gboolean
atlas_inspector_has_lesson (AtlasInspector *self)
{
  g_return_val_if_fail (ATLAS_IS_INSPECTOR (self), FALSE);

  return gtk_stack_page_get_visible (self->lesson_tab);
}

static void
lesson_closed_cb (AtlasInspector *self)
{
  g_signal_emit (self, lesson_closed_signal, 0);
}

static void
atlas_inspector_dispose (GObject *object)
{
  atlas_template_dispose (GTK_WIDGET (object), ATLAS_TYPE_INSPECTOR);
  G_OBJECT_CLASS (atlas_inspector_parent_class)->dispose (object);
}

static void
atlas_inspector_class_init (AtlasInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_inspector_dispose;

  g_type_ensure (ATLAS_TYPE_REGION_PAGE);
  g_type_ensure (ATLAS_TYPE_COUNTERS_PAGE);
  g_type_ensure (ATLAS_TYPE_LIMITS_PAGE);
  g_type_ensure (ATLAS_TYPE_LESSON_PAGE);
  lesson_closed_signal = g_signal_new ("lesson-closed", ATLAS_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "inspector");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, AtlasInspector, region_page);
  gtk_widget_class_bind_template_child (widget_class, AtlasInspector, counters_page);
  gtk_widget_class_bind_template_child (widget_class, AtlasInspector, limits_page);
  gtk_widget_class_bind_template_child (widget_class, AtlasInspector, tabs);
  gtk_widget_class_bind_template_child (widget_class, AtlasInspector, lesson_tab);
  gtk_widget_class_bind_template_child (widget_class, AtlasInspector, lesson_page);
  gtk_widget_class_bind_template_callback (widget_class, lesson_closed_cb);
}

static void
atlas_inspector_init (AtlasInspector *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
