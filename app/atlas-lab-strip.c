/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every line is somebody's word: the person's call, the tracer's system calls, the C library's
 * account, the kernel's counters. */

#include "atlas-config.h"

#include "atlas-lab-strip.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-format.h"
#include "atlas-lab-code.h"
#include "atlas-lab-walls.h"
#include "atlas-lab-words.h"
#include "atlas-limit-wall.h"
#include "atlas-template.h"

/* More than these scroll. */
#define MOST_LINES 9
/* Of one kind, of one command: thousands of labels would take seconds to be laid out. */
#define MOST_SHOWN 200
/* Characters; longer notes may be wrapped. */
#define LONGEST_NOTE 28
/* Between one command and the next, pixels. */
#define GAP 8

struct _AtlasLabStrip
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkBox *verdicts; /* never scrolled away */
  GtkScrolledWindow *scroller;
  GtkBox *lines;

  AtlasExperiment *experiment;
  AtlasLabAction *action; /* the one that is shown, or NULL */
  GString *text;          /* of the lines, to be copied */
  int gap;                /* above the next line */
  guint n_alike;          /* lines of one kind so far */
};

G_DEFINE_FINAL_TYPE (AtlasLabStrip, atlas_lab_strip, GTK_TYPE_WIDGET)

/* --- lines --- */

static GtkWidget *
make_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  gtk_widget_add_css_class (label, class);
  return label;
}

/* A short note keeps its line whole; what it stands beside is wrapped. */
static GtkWidget *
make_note (const char *text, const char *class)
{
  GtkWidget *label = make_label (text, "strip-note");
  long n_chars = g_utf8_strlen (text, -1);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_width_chars (GTK_LABEL (label), (int) MIN (n_chars, LONGEST_NOTE));
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  if (g_str_equal (class, "strip-error"))
    gtk_widget_add_css_class (label, "strip-wrong");
  return label;
}

/* @text on the left, in the class @class; @note (nullable) on the right. */
static void
show_line (AtlasLabStrip *self, const char *text, const char *note, const char *class)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *label = make_label (text, class);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), label);
  if (note && note[0] != '\0')
    gtk_box_append (GTK_BOX (line), make_note (note, class));
  gtk_widget_set_margin_top (line, self->gap);
  self->gap = 0;
  gtk_box_append (self->lines, line);
}

/* The same, for copying as well. */
static void
add_line (AtlasLabStrip *self, const char *text, const char *note, const char *class)
{
  if (self->n_alike < MOST_SHOWN)
    show_line (self, text, note, class);
  g_string_append_printf (self->text, "%s%s%s\n", text, note && note[0] != '\0' ? "    # " : "",
                          note ? note : "");
}

/* Behind lines of one kind, of which only so many are shown. */
static void
end_alike (AtlasLabStrip *self)
{
  guint n_more = self->n_alike > MOST_SHOWN ? self->n_alike - MOST_SHOWN : 0;
  g_autofree char *count = atlas_format_count (n_more);
  g_autofree char *text = NULL;

  self->n_alike = 0;
  if (n_more == 0)
    return;
  text = g_strdup_printf (
      ngettext ("and %s more line; Copy has it", "and %s more lines; Copy has them all", n_more),
      count);
  show_line (self, text, NULL, "strip-text");
}

static void
add_lines (AtlasLabStrip *self, const char *text, const char *first_note, const char *class)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0' || lines[i + 1] != NULL)
      {
        add_line (self, lines[i], i == 0 ? first_note : NULL, class);
        self->n_alike++;
      }
  end_alike (self);
}

/* --- an event --- */

/* "VmSize +260 KiB · VmData +260 KiB · VmRSS +4 KiB" */
static char *
describe_changes (AtlasLabEvent *event)
{
  static const AtlasCounter COUNTERS[] = {
    ATLAS_COUNTER_VM_SIZE, ATLAS_COUNTER_VM_DATA, ATLAS_COUNTER_VM_STK, ATLAS_COUNTER_VM_RSS,
    ATLAS_COUNTER_VM_LCK,  ATLAS_COUNTER_VM_SWAP, ATLAS_COUNTER_VM_PTE, ATLAS_COUNTER_HUGETLB_PAGES,
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (COUNTERS); i++)
    {
      gint64 kb = atlas_lab_event_get_change (event, COUNTERS[i]);
      g_autofree char *change = atlas_format_bytes_change (kb * 1024);

      if (kb != 0)
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? " · " : "",
                                atlas_counter_get_name (COUNTERS[i]), change);
    }
  return g_string_free (text, FALSE);
}

/* On the person's own call; and why malloc asked for a mapping, where the threshold says it. */
static char *
describe_call (AtlasLabStrip *self, AtlasLabEvent *event)
{
  guint64 threshold = atlas_lab_get_mmap_threshold (atlas_experiment_get_lab (self->experiment));
  const char *process = atlas_lab_event_get_process (event);
  const char *thread = atlas_lab_event_get_thread (event);
  g_auto (GStrv) words = g_strsplit (atlas_lab_event_get_command (event), " ", -1);
  g_autofree char *amount = NULL;
  guint64 size = 0;

  if (thread)
    return g_strdup_printf (_ ("thread %s"), thread);
  if (process[0] != '\0'
      && !g_str_equal (process,
                       atlas_lab_get_process (atlas_experiment_get_lab (self->experiment))))
    return g_strdup_printf (_ ("child %s"), process);
  if (atlas_lab_event_get_how (event) != ATLAS_LAB_HOW_MMAP || g_strv_length (words) != 3
      || !g_str_equal (words[0], "malloc")
      || !atlas_lab_size_parse (words[2], (size_t) sysconf (_SC_PAGESIZE), &size) || threshold == 0
      || size < threshold)
    return g_strdup (_ ("your call"));
  amount = atlas_format_bytes (threshold);
  /* Translators: the threshold of malloc, from which on it asks for a mapping */
  return g_strdup_printf (_ ("your call · threshold %s"), amount);
}

static void
add_call (AtlasLabStrip *self, AtlasLabEvent *event, const AtlasLabCall *call)
{
  gboolean bad = call->failed || call->kind == ATLAS_LAB_CALL_SIGNAL;
  g_autofree char *text =
      g_strconcat (call->text, call->result[0] != '\0' ? " = " : "", call->result, NULL);
  g_autofree char *where = NULL;

  if (call->pid != atlas_lab_event_get_pid (event))
    where = g_strdup_printf (_ ("process %d"), call->pid);
  else if (call->tid != call->pid)
    where = g_strdup_printf (_ ("thread %d"), call->tid);
  add_line (self, text, where ? where : call->message, bad ? "strip-error" : "strip-code");
}

static void
add_calls (AtlasLabStrip *self, AtlasLabEvent *event)
{
  GPtrArray *calls = atlas_lab_event_get_calls (event);
  guint n_dropped = atlas_lab_event_get_n_dropped_calls (event);

  for (guint i = 0; i < calls->len; i++, self->n_alike++)
    add_call (self, event, calls->pdata[i]);
  end_alike (self);
  if (n_dropped > 0)
    {
      g_autofree char *text = g_strdup_printf (
          ngettext ("and %u more call", "and %u more calls", n_dropped), n_dropped);

      add_line (self, text, NULL, "strip-text");
    }
  if (calls->len == 0 && atlas_lab_event_get_how (event) == ATLAS_LAB_HOW_NONE)
    add_line (self, _ ("no system call: malloc had free memory that fits"), NULL, "strip-text");
}

static char *
describe_faults (AtlasLabEvent *event)
{
  guint64 major = atlas_lab_event_get_major_faults (event);
  guint64 faults = atlas_lab_event_get_minor_faults (event) + major;
  g_autofree char *count = atlas_format_count (faults);
  g_autofree char *major_count = atlas_format_count (major);

  if (faults == 0)
    return g_strdup (_ ("no page fault"));
  if (major > 0)
    return g_strdup_printf (_ ("%s page faults, %s of them waited for the disk"), count,
                            major_count);
  return g_strdup_printf (ngettext ("%s page fault", "%s page faults", (gulong) faults), count);
}

/* Faults and counters say what the calls did. */
static void
add_effects (AtlasLabStrip *self, AtlasLabEvent *event)
{
  g_autofree char *changes = describe_changes (event);
  g_autofree char *faults = describe_faults (event);

  if (changes[0] != '\0' || atlas_lab_event_get_minor_faults (event) > 0
      || atlas_lab_event_get_major_faults (event) > 0)
    add_line (self, faults, changes, "strip-text");
}

/* Whether the last call has said already what went wrong. */
static gboolean
was_said (AtlasLabEvent *event)
{
  GPtrArray *calls = atlas_lab_event_get_calls (event);
  const AtlasLabCall *last = calls->len > 0 ? calls->pdata[calls->len - 1] : NULL;

  return last && last->failed
         && g_strcmp0 (last->error, atlas_lab_event_get_error_name (event)) == 0;
}

static void
add_wall (AtlasLabStrip *self, const AtlasWall *wall)
{
  g_autofree char *text =
      atlas_limit_wall_describe (wall->limit, wall->counter, wall->used, wall->asked, wall->soft);

  gtk_box_append (self->lines, atlas_limit_wall_new (wall->limit, wall->counter, wall->used,
                                                     wall->asked, wall->soft));
  g_string_append_printf (self->text, "%s\n", text);
}

/* What ended the process is also the error of the command that it did not live to answer. */
static void
add_failure (AtlasLabStrip *self, AtlasLabEvent *event)
{
  const char *error = atlas_lab_event_get_error_text (event);
  const char *ending = atlas_lab_event_get_ending (event);
  gboolean says_error = !atlas_lab_event_get_ok (event) && !was_said (event);
  AtlasWall wall;

  if (says_error)
    add_line (self, error, atlas_lab_event_get_error_name (event), "strip-error");
  if (ending && !(says_error && g_strcmp0 (error, ending) == 0))
    add_line (self, ending, NULL, "strip-error");
  if (atlas_lab_find_wall (event, &wall))
    add_wall (self, &wall);
}

static gboolean
is_question (AtlasLabEvent *event)
{
  g_autoptr (AtlasLabCommand) command =
      atlas_lab_command_parse (atlas_lab_event_get_command (event));
  const AtlasLabVerb *verb = command->words[0] ? atlas_lab_verb_find (command->words[0]) : NULL;

  return verb && (verb->flags & ATLAS_LAB_VERB_ASKS);
}

static void
add_answer (AtlasLabStrip *self, AtlasLabEvent *event)
{
  g_autofree char *fields = NULL;
  g_autofree char *text = NULL;

  if (!atlas_lab_event_get_ok (event) || atlas_lab_event_get_text (event) || !is_question (event))
    return;
  fields = atlas_lab_event_dup_fields (event);
  if (!fields)
    return;
  /* Translators: %s is what the lab's process answers, "usable=266224" */
  text = g_strdup_printf (_ ("answer: %s"), fields);
  add_line (self, text, NULL, "strip-said");
}

static void
add_event (AtlasLabStrip *self, AtlasLabEvent *event)
{
  const char *code = atlas_lab_event_get_code (event);
  const char *text = atlas_lab_event_get_text (event);

  if (code && code[0] != '\0')
    {
      g_autofree char *note = describe_call (self, event);

      add_lines (self, code, note, "strip-code");
    }
  else
    add_line (self, atlas_lab_event_get_command (event), _ ("your command"), "strip-code");
  add_calls (self, event);
  add_effects (self, event);
  if (text && text[0] != '\0')
    add_lines (self, text, NULL, "strip-said");
  add_answer (self, event);
  add_failure (self, event);
}

/* Nobody's command did that: what was sent to the process from outside. */
static void
add_end (AtlasLabStrip *self)
{
  const char *ending = atlas_lab_get_ending (atlas_experiment_get_lab (self->experiment));
  GPtrArray *events = atlas_lab_action_get_events (self->action);
  AtlasLabEvent *last = events->len > 0 ? events->pdata[events->len - 1] : NULL;

  if (!ending || (last && atlas_lab_event_get_ending (last)))
    return;
  self->gap = GAP;
  add_line (self, ending, _ ("after that"), "strip-error");
}

/* --- prediction and fact --- */

static const char *
get_how_word (AtlasGuessHow how)
{
  switch (how)
    {
    case ATLAS_GUESS_BRK:
      return "brk";
    case ATLAS_GUESS_MMAP:
      return "mmap";
    case ATLAS_GUESS_NEITHER:
      return _ ("neither");
    case ATLAS_GUESS_OPEN:
    default:
      return _ ("not known");
    }
}

static void
add_verdict (AtlasLabStrip *self, gboolean right, const char *guessed, const char *fact)
{
  g_autofree char *text =
      right ? g_strdup_printf (_ ("✓ you predicted %s"), guessed)
            : g_strdup_printf (_ ("✗ you predicted %s; it was %s"), guessed, fact);

  gtk_box_append (self->verdicts, make_label (text, right ? "strip-right" : "strip-wrong"));
  g_string_append_printf (self->text, "%s\n", text);
}

/* As the counters' changes are written; "±0" where there is none. */
static char *
describe_change (gint64 kb)
{
  return kb == 0 ? g_strdup ("±0") : atlas_format_bytes_change (kb * 1024);
}

/* "+1,548 KiB" */
static char *
describe_change_in_kib (gint64 kb)
{
  g_autofree char *count = atlas_format_count ((guint64) ABS (kb));

  return g_strdup_printf ("%s%s KiB", kb < 0 ? "−" : "+", count);
}

static void
add_change_verdict (AtlasLabStrip *self, AtlasCounter counter, gint64 guessed)
{
  gint64 fact = atlas_lab_action_get_change (self->action, counter);
  g_autofree char *guessed_text = describe_change (guessed);
  g_autofree char *fact_text = describe_change (fact);
  g_autofree char *both = NULL;

  /* rounded, what was wrong may look right */
  if (guessed != fact && g_str_equal (guessed_text, fact_text))
    {
      g_free (guessed_text);
      guessed_text = describe_change_in_kib (guessed);
      g_free (fact_text);
      fact_text = describe_change_in_kib (fact);
    }
  both = g_strdup_printf ("%s %s", atlas_counter_get_name (counter), guessed_text);
  add_verdict (self, guessed == fact, both, fact_text);
}

static void
add_verdicts (AtlasLabStrip *self)
{
  const AtlasGuess *guess = atlas_lab_action_get_guess (self->action);
  AtlasGuessHow how = atlas_lab_action_get_how (self->action);

  if (!guess)
    return;
  if (guess->how != ATLAS_GUESS_OPEN)
    add_verdict (self, guess->how == how, get_how_word (guess->how), get_how_word (how));
  if (guess->has_size)
    add_change_verdict (self, ATLAS_COUNTER_VM_SIZE, guess->size_kb);
  if (guess->has_rss)
    add_change_verdict (self, ATLAS_COUNTER_VM_RSS, guess->rss_kb);
}

/* --- the widget --- */

/* A scrolled window does not ask for the height that wrapped lines need, so few lines do without
 * one. */
static void
place_lines (AtlasLabStrip *self, gboolean scrolled)
{
  gboolean is_scrolled = gtk_widget_get_visible (GTK_WIDGET (self->scroller));

  if (scrolled == is_scrolled)
    return;
  g_object_ref (self->lines);
  if (is_scrolled)
    gtk_scrolled_window_set_child (self->scroller, NULL);
  else
    gtk_box_remove (self->box, GTK_WIDGET (self->lines));
  if (scrolled)
    gtk_scrolled_window_set_child (self->scroller, GTK_WIDGET (self->lines));
  else
    gtk_box_append (self->box, GTK_WIDGET (self->lines));
  g_object_unref (self->lines);
  gtk_widget_set_visible (GTK_WIDGET (self->scroller), scrolled);
}

static void
empty (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static void
clear (AtlasLabStrip *self)
{
  empty (self->lines);
  empty (self->verdicts);
  g_string_truncate (self->text, 0);
}

static guint
count_lines (AtlasLabStrip *self)
{
  guint n = 0;

  for (GtkWidget *line = gtk_widget_get_first_child (GTK_WIDGET (self->lines)); line;
       line = gtk_widget_get_next_sibling (line))
    n++;
  return n;
}

static void
fill (AtlasLabStrip *self)
{
  GPtrArray *events;

  clear (self);
  if (!self->action)
    return;
  events = atlas_lab_action_get_events (self->action);
  for (guint i = 0; i < events->len; i++)
    {
      self->gap = i > 0 ? GAP : 0;
      add_event (self, events->pdata[i]);
    }
  add_end (self);
  add_verdicts (self);
  gtk_widget_set_visible (GTK_WIDGET (self->verdicts),
                          gtk_widget_get_first_child (GTK_WIDGET (self->verdicts)) != NULL);
  place_lines (self, count_lines (self) > MOST_LINES);
}

static void
update (AtlasLabStrip *self)
{
  AtlasLabAction *action = atlas_experiment_get_action (self->experiment);

  if (self->action)
    g_signal_handlers_disconnect_by_data (self->action, self);
  g_set_object (&self->action, action);
  if (action)
    g_signal_connect_object (action, "changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          action && atlas_experiment_is_watching (self->experiment));
  fill (self);
}

static void
copy_cb (AtlasLabStrip *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->text->str);
}

void
atlas_lab_strip_set_experiment (AtlasLabStrip *self, AtlasExperiment *experiment)
{
  g_return_if_fail (ATLAS_IS_LAB_STRIP (self) && ATLAS_IS_EXPERIMENT (experiment));
  g_return_if_fail (!self->experiment);

  self->experiment = g_object_ref (experiment);
  g_signal_connect_object (experiment, "notify::action", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (experiment, "notify::watching", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (atlas_experiment_get_lab (experiment), "notify::ending",
                           G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
atlas_lab_strip_dispose (GObject *object)
{
  AtlasLabStrip *self = ATLAS_LAB_STRIP (object);

  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_LAB_STRIP);
  g_clear_object (&self->action);
  g_clear_object (&self->experiment);
  G_OBJECT_CLASS (atlas_lab_strip_parent_class)->dispose (object);
}

static void
atlas_lab_strip_finalize (GObject *object)
{
  g_string_free (ATLAS_LAB_STRIP (object)->text, TRUE);
  G_OBJECT_CLASS (atlas_lab_strip_parent_class)->finalize (object);
}

static void
atlas_lab_strip_class_init (AtlasLabStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_lab_strip_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_lab_strip_finalize;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-lab-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasLabStrip, box);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabStrip, verdicts);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabStrip, scroller);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabStrip, lines);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
atlas_lab_strip_init (AtlasLabStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->text = g_string_new (NULL);
}
