/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as what the lab's subject writes: lines in pieces, answers, and what it says it has. */

#include "fuzz.h"

#include "atlas-lab-answer.h"
#include "atlas-lab-lines.h"
#include "atlas-lab-process-private.h"
#include "atlas-text.h"

#include <unistd.h>

const char fuzz_file[] = "lab-answer";

/* Short, so that lines are cut as well. */
#define MOST_LINE 600

static AtlasLabProcess *
get_process (void)
{
  static AtlasLabProcess *process;

  if (process == NULL)
    {
      g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", NULL);

      process = atlas_lab_process_new (procfs, (gint) getpid (), NULL, NULL);
    }
  return process;
}

static void
check_text (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
check_answer (const AtlasLabAnswer *answer)
{
  guint64 number;

  g_assert_true (answer->ok == (answer->error_name == NULL));
  if (!answer->ok)
    {
      check_text (answer->error_name);
      check_text (answer->error_call);
      check_text (answer->error_text);
    }
  atlas_lab_answer_is_refusal (answer);
  for (guint i = 0; i < answer->fields->len; i++)
    {
      const AtlasLabField *field = &g_array_index (answer->fields, AtlasLabField, i);

      check_text (field->name);
      check_text (field->value);
      g_assert_nonnull (atlas_lab_answer_get (answer, field->name));
      atlas_lab_answer_get_number (answer, field->name, &number);
    }
}

static void
take_line (const AtlasLabLine *line, GPtrArray *comments)
{
  g_autoptr (AtlasLabAnswer) answer = atlas_lab_answer_parse (line->text, line->length);

  g_assert_cmpuint (line->length, <=, MOST_LINE);
  g_assert_true ((answer != NULL)
                 == (atlas_lab_line_get_kind (line->text, line->length) == ATLAS_LAB_LINE_ANSWER));
  if (answer != NULL)
    check_answer (answer);
  if (line->length > 2)
    g_ptr_array_add (comments, atlas_text_clean (line->text + 2, (gssize) line->length - 2));
}

static void
check_lists (GPtrArray *comments)
{
  AtlasLabProcess *process = get_process ();
  GListModel *model = atlas_lab_process_get_allocations (process);
  g_autoptr (GPtrArray) children = NULL;

  atlas_lab_process_take_list (process, comments, &children);
  g_assert_cmpuint (g_list_model_get_n_items (model) + children->len, <=, comments->len);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AtlasLabAllocation) allocation = g_list_model_get_item (model, i);
      g_autofree char *title = atlas_lab_allocation_dup_title (allocation);

      check_text (title);
      atlas_lab_allocation_get_length (allocation);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  AtlasLabLines lines;
  g_autoptr (GPtrArray) comments = g_ptr_array_new_with_free_func (g_free);
  size_t step = size > 0 ? 1 + data[0] : 1;

  atlas_lab_lines_init (&lines, MOST_LINE);
  for (size_t done = 0; done < size; done += step)
    {
      AtlasLabLine *next;

      atlas_lab_lines_add (&lines, (const char *) data + done, MIN (step, size - done));
      while ((next = atlas_lab_lines_next (&lines)) != NULL)
        {
          g_autoptr (AtlasLabLine) line = next;

          take_line (line, comments);
        }
    }
  atlas_lab_lines_clear (&lines);
  check_lists (comments);
  return 0;
}
