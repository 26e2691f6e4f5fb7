/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The step that is shown is either still to be run, and may be predicted, or was run, and shows
 * prediction and fact side by side. Going back is a fresh process that does it all once more. */

#include "atlas-config.h"

#include "atlas-lesson-page.h"

#include <glib/gi18n-lib.h>

#include "atlas-template.h"

/* Pixels: behind the sign of the line above. */
#define NOTE_INDENT 18

struct _AtlasLessonPage
{
  GtkWidget parent_instance;

  GtkLabel *title_label;
  GtkLabel *position_label;
  GtkScrolledWindow *scroller;
  GtkBox *content;
  GtkBox *place;      /* what is added goes there */
  GtkWidget *outcome; /* what was seen, or why nothing was; or NULL */
  GtkWidget *back_button;
  GtkButton *next_button;

  AtlasExperiment *experiment;
  AtlasLessonRun *run;
  GCancellable *cancellable;
  guint shown; /* index of the step */
};

static guint closed_signal;

G_DEFINE_FINAL_TYPE (AtlasLessonPage, atlas_lesson_page, GTK_TYPE_WIDGET)

static gboolean
was_run (AtlasLessonPage *self)
{
  return atlas_lesson_run_get_position (self->run) > self->shown;
}

static const AtlasLessonStep *
get_step (AtlasLessonPage *self)
{
  return atlas_lesson_get_step (atlas_lesson_run_get_lesson (self->run), self->shown);
}

/* --- prose --- */

static GtkWidget *
add_label (AtlasLessonPage *self, const char *text, gboolean markup, const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  if (markup)
    gtk_label_set_markup (GTK_LABEL (label), text);
  else
    gtk_label_set_text (GTK_LABEL (label), text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (class)
    gtk_widget_add_css_class (label, class);
  gtk_box_append (self->place, label);
  return label;
}

static void
add_item (AtlasLessonPage *self, const AtlasLessonBlock *block)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *marker = gtk_label_new (block->marker);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), block->markup);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_valign (marker, GTK_ALIGN_START);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_margin_start (row, 12 * (int) MAX (block->depth, 1) - 12);
  gtk_box_append (GTK_BOX (row), marker);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (self->place, row);
}

static void
add_block (AtlasLessonPage *self, const AtlasLessonBlock *block)
{
  switch (block->kind)
    {
    case ATLAS_LESSON_CODE:
      add_label (self, block->text, FALSE, "code-block");
      break;
    case ATLAS_LESSON_SUBHEADING:
      add_label (self, block->markup, TRUE, "heading");
      break;
    case ATLAS_LESSON_ITEM:
      add_item (self, block);
      break;
    case ATLAS_LESSON_QUOTE:
      add_label (self, block->markup, TRUE, "dim-label");
      break;
    case ATLAS_LESSON_PARAGRAPH:
    default:
      add_label (self, block->markup, TRUE, NULL);
      break;
    }
}

static void
add_blocks (AtlasLessonPage *self, GPtrArray *blocks)
{
  for (guint i = 0; i < blocks->len; i++)
    add_block (self, blocks->pdata[i]);
}

/* --- predicting --- */

/* An assistive tool may press buttons, and fill in entries, that are not sensitive, or not seen. */
static gboolean
may_go (AtlasLessonPage *self)
{
  return self->run && !atlas_lesson_run_is_busy (self->run);
}

static void
predict (AtlasLessonPage *self, GtkWidget *widget, const char *text)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (widget), "index"));

  if (may_go (self))
    atlas_lesson_run_predict (self->run, self->shown, index, text);
}

static void
entry_changed_cb (GtkEditable *entry, AtlasLessonPage *self)
{
  predict (self, GTK_WIDGET (entry), gtk_editable_get_text (entry));
}

static void
choice_changed_cb (GtkDropDown *drop_down, GParamSpec *pspec, AtlasLessonPage *self)
{
  guint selected = gtk_drop_down_get_selected (drop_down);
  GtkStringObject *item = gtk_drop_down_get_selected_item (drop_down);

  /* the first says that nothing is predicted */
  predict (self, GTK_WIDGET (drop_down), selected > 0 ? gtk_string_object_get_string (item) : NULL);
}

static GtkWidget *
make_choice (AtlasLessonPage *self, const char *const *choices, guint index)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  const char *before = atlas_lesson_run_get_prediction (self->run, self->shown, index);
  GtkWidget *drop_down;

  gtk_string_list_append (list, _ ("Choose"));
  gtk_string_list_splice (list, 1, 0, choices);
  drop_down = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&list)), NULL);
  for (guint i = 0; before && choices[i]; i++)
    if (g_str_equal (choices[i], before))
      gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), i + 1);
  g_signal_connect_object (drop_down, "notify::selected", G_CALLBACK (choice_changed_cb), self, 0);
  return drop_down;
}

static GtkWidget *
make_entry (AtlasLessonPage *self, guint index)
{
  GtkWidget *entry = gtk_entry_new ();
  const char *before = atlas_lesson_run_get_prediction (self->run, self->shown, index);

  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 10);
  if (before)
    gtk_editable_set_text (GTK_EDITABLE (entry), before);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), "?");
  g_signal_connect_object (entry, "changed", G_CALLBACK (entry_changed_cb), self, 0);
  return entry;
}

static void
add_question (AtlasLessonPage *self, const AtlasExpectation *expectation, guint index)
{
  g_autofree char *question = atlas_expectation_dup_question (expectation);
  const char *const *choices = atlas_expectation_get_choices (expectation);
  GtkWidget *label = add_label (self, question, FALSE, NULL);
  GtkWidget *answer = choices ? make_choice (self, choices, index) : make_entry (self, index);

  if (expectation->hint)
    gtk_widget_set_tooltip_text (label, expectation->hint);
  gtk_widget_set_halign (answer, GTK_ALIGN_START);
  g_object_set_data (G_OBJECT (answer), "index", GUINT_TO_POINTER (index));
  gtk_accessible_update_property (GTK_ACCESSIBLE (answer), GTK_ACCESSIBLE_PROPERTY_LABEL, question,
                                  -1);
  gtk_box_append (self->place, answer);
}

static void
add_questions (AtlasLessonPage *self)
{
  const AtlasLessonStep *step = get_step (self);
  gboolean any = FALSE;

  for (guint i = 0; i < step->expectations->len; i++)
    {
      const AtlasExpectation *expectation = step->expectations->pdata[i];

      if (!expectation->asked)
        continue;
      if (!any)
        add_label (self, _ ("What do you think?"), FALSE, "heading");
      any = TRUE;
      add_question (self, expectation, i);
    }
}

/* --- what was seen --- */

static const char *
get_sign (AtlasVerdict verdict)
{
  return verdict == ATLAS_VERDICT_PASSED ? "✓" : verdict == ATLAS_VERDICT_FAILED ? "✗" : "?";
}

/* What belongs to the line above it. */
static void
add_note (AtlasLessonPage *self, const char *text, const char *class)
{
  gtk_widget_set_margin_start (add_label (self, text, FALSE, class), NOTE_INDENT);
}

static void
add_prediction (AtlasLessonPage *self, const AtlasLessonResult *result)
{
  g_autofree char *text = NULL;

  if (result->prediction == ATLAS_PREDICTION_RIGHT)
    text = g_strdup_printf (_ ("✓ you predicted %s"), result->predicted);
  else if (result->prediction == ATLAS_PREDICTION_WRONG)
    text = g_strdup_printf (_ ("✗ you predicted %s; it was %s"), result->predicted,
                            result->seen_short);
  else if (result->prediction == ATLAS_PREDICTION_UNCLEAR)
    text = g_strdup_printf (_ ("“%s” could not be understood"), result->predicted);
  if (text)
    add_note (self, text,
              result->prediction == ATLAS_PREDICTION_RIGHT ? "verdict-right" : "verdict-wrong");
}

static void
add_result (AtlasLessonPage *self, const AtlasLessonResult *result)
{
  g_autofree char *sentence = atlas_expectation_dup_sentence (result->expectation);
  const char *seen = result->verdict == ATLAS_VERDICT_PASSED   ? sentence
                     : result->verdict == ATLAS_VERDICT_FAILED ? result->seen
                                                               : result->reason;
  g_autofree char *text = g_strdup_printf ("%s %s", get_sign (result->verdict), seen ? seen : "");

  add_label (self, text, FALSE,
             result->verdict == ATLAS_VERDICT_PASSED   ? "verdict-right"
             : result->verdict == ATLAS_VERDICT_FAILED ? "verdict-wrong"
                                                       : "dim-label");
  if (result->verdict == ATLAS_VERDICT_FAILED)
    {
      g_autofree char *expected = g_strdup_printf (_ ("Expected: %s"), sentence);

      add_note (self, expected, "caption");
    }
  if (result->verdict != ATLAS_VERDICT_UNKNOWN && result->reason)
    add_note (self, result->reason, "caption");
  add_prediction (self, result);
}

static void
add_outcome (AtlasLessonPage *self)
{
  AtlasLessonOutcome *outcome = atlas_lesson_run_get_outcome (self->run, self->shown);
  GPtrArray *results;

  if (!outcome)
    return;
  if (atlas_lesson_outcome_get_skipped (outcome))
    {
      add_label (self, atlas_lesson_outcome_get_skipped (outcome), FALSE, "problems");
      return;
    }
  self->outcome = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append (self->content, self->outcome);
  self->place = GTK_BOX (self->outcome);
  add_label (self, _ ("What was seen"), FALSE, "heading");
  results = atlas_lesson_outcome_get_results (outcome);
  for (guint i = 0; i < results->len; i++)
    add_result (self, results->pdata[i]);
  self->place = self->content;
}

/* --- the page --- */

static void
clear (AtlasLessonPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->content))) != NULL)
    gtk_box_remove (self->content, child);
  self->place = self->content;
  self->outcome = NULL;
}

static void
fill (AtlasLessonPage *self)
{
  const AtlasLessonStep *step = get_step (self);
  g_autofree char *commands = g_strjoinv ("\n", step->commands);

  clear (self);
  if (self->shown == 0 && !was_run (self))
    add_blocks (self, atlas_lesson_get_introduction (atlas_lesson_run_get_lesson (self->run)));
  add_label (self, step->title, FALSE, "title-4");
  add_blocks (self, step->prose);
  if (commands[0] != '\0')
    add_label (self, commands, FALSE, "code-block");
  if (was_run (self))
    {
      add_outcome (self);
      add_blocks (self, step->explanation);
    }
  else
    add_questions (self);
}

static void
update_buttons (AtlasLessonPage *self)
{
  guint n_steps = atlas_lesson_get_n_steps (atlas_lesson_run_get_lesson (self->run));
  gboolean busy = atlas_lesson_run_is_busy (self->run);
  gboolean last = self->shown + 1 == n_steps;

  gtk_widget_set_sensitive (self->back_button,
                            !busy && atlas_lesson_run_get_position (self->run) > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), !busy);
  gtk_button_set_label (self->next_button, !was_run (self) ? _ ("_Run This Step")
                                           : last          ? _ ("_Finish")
                                                           : _ ("_Next Step"));
}

/* What was seen, where the step is too long to be seen as a whole. */
static gboolean
show_outcome_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  AtlasLessonPage *self = ATLAS_LESSON_PAGE (widget);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  graphene_rect_t bounds;

  if (!self->outcome)
    return G_SOURCE_REMOVE;
  /* not laid out yet */
  if (!gtk_widget_compute_bounds (self->outcome, GTK_WIDGET (self->content), &bounds)
      || bounds.size.height <= 0)
    return G_SOURCE_CONTINUE;
  gtk_adjustment_set_value (adjustment, bounds.origin.y);
  return G_SOURCE_REMOVE;
}

static void
show_step (AtlasLessonPage *self, guint index)
{
  AtlasLesson *lesson = atlas_lesson_run_get_lesson (self->run);
  g_autofree char *position =
      g_strdup_printf (_ ("Step %u of %u"), index + 1, atlas_lesson_get_n_steps (lesson));

  self->shown = index;
  gtk_label_set_text (self->title_label, atlas_lesson_get_title (lesson));
  gtk_label_set_text (self->position_label, position);
  fill (self);
  update_buttons (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

/* Interrupted, it got only so far. */
static void
show_error (AtlasLessonPage *self, const GError *error)
{
  show_step (self, MIN (self->shown, atlas_lesson_run_get_position (self->run)));
  self->outcome = add_label (self, error->message, FALSE, "problems");
}

static void
stepped_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AtlasLessonPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasLessonOutcome) outcome =
      atlas_lesson_run_step_finish (ATLAS_LESSON_RUN (source), result, &error);

  if ((gpointer) self->run != source)
    return;
  atlas_experiment_end (self->experiment);
  if (outcome)
    show_step (self, self->shown);
  else
    show_error (self, error);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), show_outcome_cb, NULL, NULL);
}

static void
gone_back_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AtlasLessonPage) self = data;
  g_autoptr (GError) error = NULL;
  gboolean done = atlas_lesson_run_back_finish (ATLAS_LESSON_RUN (source), result, &error);

  if ((gpointer) self->run != source)
    return;
  atlas_experiment_end (self->experiment);
  if (done)
    show_step (self, MIN (self->shown, atlas_lesson_run_get_position (self->run)));
  else
    show_error (self, error);
}

static void
next_cb (AtlasLessonPage *self)
{
  AtlasLesson *lesson;

  if (!may_go (self))
    return;
  lesson = atlas_lesson_run_get_lesson (self->run);
  if (!was_run (self))
    {
      atlas_experiment_begin (self->experiment);
      atlas_lesson_run_step_async (self->run, self->cancellable, stepped_cb, g_object_ref (self));
      update_buttons (self);
    }
  else if (self->shown + 1 < atlas_lesson_get_n_steps (lesson))
    show_step (self, self->shown + 1);
  else
    g_signal_emit (self, closed_signal, 0);
}

static void
back_cb (AtlasLessonPage *self)
{
  guint position;

  if (!may_go (self))
    return;
  position = atlas_lesson_run_get_position (self->run);
  if (position == 0)
    return;
  /* A step that is shown but was not run: the one before it comes back as it was seen. */
  if (!was_run (self) && self->shown > 0)
    {
      show_step (self, self->shown - 1);
      return;
    }
  atlas_experiment_begin (self->experiment);
  atlas_lesson_run_back_async (self->run, position - 1, self->cancellable, gone_back_cb,
                               g_object_ref (self));
  update_buttons (self);
}

static void
close_cb (AtlasLessonPage *self)
{
  g_signal_emit (self, closed_signal, 0);
}

/* What is under way is nobody's business any more. */
static void
end (AtlasLessonPage *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  if (self->run && atlas_lesson_run_is_busy (self->run))
    atlas_experiment_end (self->experiment);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->run);
}

void
atlas_lesson_page_begin (AtlasLessonPage *self, AtlasExperiment *experiment, AtlasLesson *lesson)
{
  g_return_if_fail (ATLAS_IS_LESSON_PAGE (self) && ATLAS_IS_EXPERIMENT (experiment));

  end (self);
  g_set_object (&self->experiment, experiment);
  if (!lesson)
    return;
  self->run = atlas_lesson_run_new (lesson, atlas_experiment_get_lab (experiment));
  self->cancellable = g_cancellable_new ();
  show_step (self, 0);
}

static void
atlas_lesson_page_dispose (GObject *object)
{
  AtlasLessonPage *self = ATLAS_LESSON_PAGE (object);

  end (self);
  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_LESSON_PAGE);
  g_clear_object (&self->experiment);
  G_OBJECT_CLASS (atlas_lesson_page_parent_class)->dispose (object);
}

static void
atlas_lesson_page_class_init (AtlasLessonPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_lesson_page_dispose;
  closed_signal = g_signal_new ("closed", ATLAS_TYPE_LESSON_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-lesson-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasLessonPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLessonPage, position_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLessonPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, AtlasLessonPage, content);
  gtk_widget_class_bind_template_child (widget_class, AtlasLessonPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, AtlasLessonPage, next_button);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
}

static void
atlas_lesson_page_init (AtlasLessonPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
