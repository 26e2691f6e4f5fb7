/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a line to its command. */

#include "atlas-command.h"

#include <string.h>
#include <sys/types.h>

#include "atlas-answer.h"
#include "atlas-input.h"

const AtlasCommand *
atlas_command_find (const char *name)
{
  for (const AtlasCommand *command = atlas_commands; command->name != NULL; command++)
    if (strcmp (command->name, name) == 0)
      return command;
  return NULL;
}

void
atlas_command_run_inside (const AtlasWords *words)
{
  const AtlasCommand *command = atlas_command_find (words->words[0]);

  if (command == NULL)
    atlas_answer_refuse ("line", "no command is called \"", words->words[0], "\"; help lists all",
                         NULL);
  else if (words->n_words < command->least_words || words->n_words > command->most_words)
    atlas_answer_refuse (command->name, "write ", command->usage, NULL);
  else
    command->run (words);
}

void
atlas_command_run (const AtlasWords *words)
{
  atlas_answer_begin ();
  atlas_command_run_inside (words);
  atlas_answer_end ();
}

static void
refuse_line (const char *error, const char *why)
{
  atlas_answer_begin ();
  atlas_answer_error (error, "line", why, NULL);
  atlas_answer_end ();
}

static void
run_line (const char *line)
{
  const char *start = line + strspn (line, " \t\r");
  const char *wrong;
  AtlasWords words;

  if (*start == '\0' || *start == '#')
    return;
  wrong = atlas_line_split (line, &words);
  if (wrong != NULL)
    refuse_line ("EINVAL", wrong);
  else
    atlas_command_run (&words);
}

int
atlas_command_serve (void)
{
  for (;;)
    {
      const char *line;

      switch (atlas_input_read (&line))
        {
        case ATLAS_INPUT_LINE:
          run_line (line);
          break;
        case ATLAS_INPUT_TOO_LONG:
          refuse_line ("E2BIG", "more than 4095 bytes; the rest of it is skipped");
          break;
        case ATLAS_INPUT_NUL:
          refuse_line ("EINVAL", "there is a NUL byte in it");
          break;
        case ATLAS_INPUT_CUT:
          refuse_line ("EINVAL", "the input ended before its newline; it is not done");
          return 0;
        case ATLAS_INPUT_END:
          return 0;
        }
    }
}
