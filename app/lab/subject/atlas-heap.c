/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One flag. */

#include "atlas-heap.h"

#include <stddef.h>

#include "atlas-answer.h"

static bool given_up;

void
atlas_heap_give_up (void)
{
  given_up = true;
}

bool
atlas_heap_is_usable (const char *call)
{
  if (given_up)
    atlas_answer_error ("EFAULT", call, "a signal ended malloc in the middle; it is of no use now",
                        NULL);
  return !given_up;
}
