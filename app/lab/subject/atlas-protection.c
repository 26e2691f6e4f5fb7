/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Letters to protections. */

#include "atlas-protection.h"

#include <string.h>
#include <sys/mman.h>

#include "atlas-answer.h"

static int
protection_of (char letter)
{
  return letter == 'r' ? PROT_READ : letter == 'w' ? PROT_WRITE : letter == 'x' ? PROT_EXEC : 0;
}

bool
atlas_take_protection (const char *call, const char *word, int *protection)
{
  int bits = PROT_NONE;
  const char *p = word;

  if (strcmp (word, "none") != 0)
    for (; *p != '\0' && protection_of (*p) != 0 && !(bits & protection_of (*p)); p++)
      bits |= protection_of (*p);
  if (strcmp (word, "none") == 0 || (p > word && *p == '\0'))
    {
      *protection = bits;
      return true;
    }
  atlas_answer_refuse (call, "\"", word, "\" is no protection: write rw, r, rwx or none", NULL);
  return false;
}
