/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers may be longer than any buffer (mincore), so only what fits is held back until it is
 * whole. */

#include "atlas-relay.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "atlas-answer.h"
#include "atlas-output.h"

typedef struct
{
  int from;
  const char *name;
  pid_t pid;
  size_t filled;
  bool is_answer; /* the line that is being passed on, or is next */
  bool begun;     /* some of that line has been passed on */
  bool ok;
} Relay;

static char text[16384];

static bool
read_more (Relay *relay)
{
  ssize_t length;

  do
    length = read (relay->from, text + relay->filled, sizeof text - relay->filled);
  while (length < 0 && errno == EINTR);
  if (length <= 0)
    return false;
  relay->filled += (size_t) length;
  return true;
}

/* The fields go before the TAB, of which an answer has one. */
static void
pass_answer (const Relay *relay, const char *bytes, size_t length)
{
  const char *tab = memchr (bytes, '\t', length);
  size_t before = tab != NULL ? (size_t) (tab - bytes) : length;

  atlas_output_bytes (bytes, before);
  if (tab == NULL)
    return;
  atlas_answer_word ("child", relay->name);
  atlas_answer_number ("pid", (uint64_t) relay->pid);
  atlas_output_bytes (tab, length - before);
}

/* Passes on the first @length bytes of what was read. */
static void
pass (Relay *relay, size_t length)
{
  if (!relay->begun)
    {
      relay->is_answer = text[0] != '#';
      relay->ok = strncmp (text, "ok", 2) == 0;
    }
  if (relay->is_answer)
    pass_answer (relay, text, length);
  else
    atlas_output_bytes (text, length);
  relay->begun = text[length - 1] != '\n';
  memmove (text, text + length, relay->filled - length);
  relay->filled -= length;
}

static AtlasRelay
cut_off (const Relay *relay)
{
  if (!relay->begun)
    return ATLAS_RELAY_NONE;
  atlas_output_text (" cut=yes");
  pass_answer (relay, "\tfaults=0 major=0\n", strlen ("\tfaults=0 major=0\n"));
  return ATLAS_RELAY_CUT;
}

AtlasRelay
atlas_relay (int from, const char *name, pid_t pid)
{
  Relay relay = { .from = from, .name = name, .pid = pid };

  for (;;)
    {
      const char *newline = memchr (text, '\n', relay.filled);

      if (newline != NULL)
        pass (&relay, (size_t) (newline + 1 - text));
      else if (relay.filled == sizeof text)
        pass (&relay, relay.filled);
      else if (!read_more (&relay))
        return cut_off (&relay);
      if (newline != NULL && relay.is_answer)
        break;
    }
  return relay.ok ? ATLAS_RELAY_OK : ATLAS_RELAY_ERROR;
}
