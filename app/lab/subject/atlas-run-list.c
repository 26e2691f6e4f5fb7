/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What there is, what one can say, and the end. */

#include "atlas-command.h"

#include <unistd.h>

#include "atlas-allocation.h"
#include "atlas-answer.h"
#include "atlas-arena.h"
#include "atlas-arguments.h"
#include "atlas-children.h"
#include "atlas-output.h"
#include "atlas-threads.h"

static void
list_origin (const AtlasAllocation *allocation)
{
  char arena[ATLAS_ARENA_NAME_SIZE];

  if (allocation->origin == ATLAS_FROM_MMAP)
    atlas_answer_number ("length", allocation->length);
  if (allocation->origin != ATLAS_FROM_MALLOC)
    return;
  /* not asked for again: where a part of it is unmapped, not every malloc can tell */
  atlas_answer_number ("usable", allocation->usable);
  atlas_answer_word ("arena", atlas_arena_name (allocation->address, arena));
}

static void
list_allocation (const AtlasAllocation *allocation)
{
  atlas_answer_begin_comment ("allocation");
  atlas_answer_word ("name", allocation->name);
  atlas_answer_word ("call", allocation->call);
  atlas_answer_address ("address", allocation->address);
  atlas_answer_number ("size", allocation->size);
  list_origin (allocation);
  if (!atlas_span_is_empty (&allocation->hole))
    atlas_answer_word ("unmapped", "yes");
  if (allocation->hurt & ATLAS_HURT_PROTECTED)
    atlas_answer_word ("protected", "yes");
  if (allocation->hurt & ATLAS_HURT_GUARDED)
    atlas_answer_word ("guarded", "yes");
  atlas_answer_end_comment ();
}

void
atlas_run_list (const AtlasWords *words)
{
  size_t n_children = atlas_child_count ();

  for (size_t i = 0; i < atlas_allocation_count (); i++)
    list_allocation (atlas_allocation_get (i));
  atlas_thread_list ();
  atlas_child_list ();
  atlas_answer_ok ();
  atlas_answer_number ("allocations", atlas_allocation_count ());
  atlas_answer_number ("threads", atlas_thread_count ());
  atlas_answer_number ("children", n_children);
}

static void
help_short (const AtlasCommand *command)
{
  atlas_answer_begin_comment (command->usage);
  atlas_output_text (": ");
  atlas_output_text (command->summary);
  atlas_answer_end_comment ();
}

/* Its lines, each as a comment. */
static void
help_details (const char *details)
{
  atlas_output_text ("# ");
  for (; *details != '\0'; details++)
    {
      atlas_output_bytes (details, 1);
      if (*details == '\n')
        atlas_output_text ("# ");
    }
  atlas_output_text ("\n");
}

void
atlas_run_help (const AtlasWords *words)
{
  const AtlasCommand *command;

  if (words->n_words == 1)
    {
      for (command = atlas_commands; command->name != NULL; command++)
        help_short (command);
      atlas_answer_ok ();
      return;
    }
  command = atlas_command_find (words->words[1]);
  if (command == NULL)
    {
      atlas_answer_refuse ("help", "no command is called \"", words->words[1], "\"", NULL);
      return;
    }
  help_short (command);
  if (command->details != NULL)
    help_details (command->details);
  atlas_answer_ok ();
}

/* In a thread, the end of that alone. */
void
atlas_run_exit (const AtlasWords *words)
{
  size_t status = 0;

  if (words->n_words > 1 && !atlas_take_number ("exit", words->words[1], 255, &status))
    return;
  atlas_answer_ok ();
  atlas_answer_number ("status", status);
  if (atlas_thread_get_current () != NULL)
    {
      atlas_thread_end_current ();
      return;
    }
  atlas_answer_end ();
  atlas_child_end_all ();
  _exit ((int) status);
}
