/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading and writing memory, one byte to a page, and using up the stack. What the kernel answers
 * with a signal is answered with that signal. */

#include "atlas-command.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include "atlas-answer.h"
#include "atlas-arguments.h"
#include "atlas-output.h"
#include "atlas-threads.h"
#include "atlas-trap.h"

/* Without a size, the stack is used up at the latest when this is. */
#define MOST_OVERFLOW ((size_t) 1 << 30)
#define FRAME_SIZE 4096

typedef struct
{
  AtlasAllocation *allocation;
  bool writes;
  size_t first, end, step; /* pages */
  size_t to_choose;        /* pages still to be chosen at random, if @random */
  bool random;
  uint64_t seed;
  size_t touched;
} Touch;

typedef struct
{
  AtlasAllocation *allocation;
  int byte;
} Fill;

typedef struct
{
  const char *top; /* of the stack, about */
  size_t size;     /* bytes to use */
  volatile size_t used;
} Dig;

/* xorshift64*: the same pages each time. */
static uint64_t
next_random (uint64_t *seed)
{
  *seed ^= *seed >> 12;
  *seed ^= *seed << 25;
  *seed ^= *seed >> 27;
  return *seed * UINT64_C (2685821657736338717) >> 32;
}

/* Selects exactly so many of the pages that are left, each as likely as any other. */
static bool
choose (Touch *touch, size_t page)
{
  if (!touch->random)
    return true;
  if (next_random (&touch->seed) % (touch->end - page) >= touch->to_choose)
    return false;
  touch->to_choose--;
  return true;
}

/* The first byte of the page that is the allocation's own. */
static volatile char *
get_byte (const AtlasAllocation *allocation, size_t page)
{
  char *start = atlas_allocation_get_page (allocation, page);

  return start > allocation->address ? start : allocation->address;
}

static void
do_touch (void *data)
{
  Touch *touch = data;

  for (size_t page = touch->first; page < touch->end; page += touch->step)
    if (choose (touch, page))
      {
        volatile char *byte = get_byte (touch->allocation, page);

        if (touch->writes)
          *byte = (char) (page % 127 + 1);
        else
          (void) *byte;
        touch->touched++;
      }
}

static bool
take_step (const AtlasWords *words, Touch *touch)
{
  if (!atlas_take_number ("touch", words->words[1], SIZE_MAX / 16, &touch->step))
    return false;
  if (touch->step == 0)
    atlas_answer_refuse ("touch", "every page but none? The least is 1", NULL);
  return touch->step > 0;
}

static bool
take_percent (const AtlasWords *words, Touch *touch)
{
  size_t percent;

  if (!atlas_take_number ("touch", words->words[1], 100, &percent))
    return false;
  touch->random = true;
  touch->seed = UINT64_C (0x9e3779b97f4a7c15);
  touch->to_choose = (touch->end * percent + 50) / 100;
  return true;
}

/* The pages that it may come to. */
static bool
take_touched (const Touch *touch)
{
  AtlasPages pages = { touch->allocation, touch->first, touch->end };
  AtlasRange range = atlas_pages_get_outer (&pages);

  return atlas_take_access ("touch", touch->allocation, &range);
}

/* [all|first|every N|from A to B|random PERCENT] */
static bool
take_pattern (const AtlasWords *words, AtlasAllocation *allocation, Touch *touch)
{
  const char *word = words->n_words > 0 ? words->words[0] : "all";
  AtlasPages pages;

  touch->end = atlas_allocation_count_pages (allocation);
  if (strcmp (word, "all") == 0 && words->n_words <= 1)
    return true;
  if (strcmp (word, "first") == 0 && words->n_words == 1)
    {
      touch->end = touch->end > 0 ? 1 : 0;
      return true;
    }
  if (strcmp (word, "every") == 0 && words->n_words == 2)
    return take_step (words, touch);
  if (strcmp (word, "random") == 0 && words->n_words == 2)
    return take_percent (words, touch);
  if (strcmp (word, "from") != 0)
    {
      atlas_answer_refuse ("touch", "write all, first, every N, from A to B or random PERCENT",
                           NULL);
      return false;
    }
  if (!atlas_take_pages ("touch", words, allocation, &pages))
    return false;
  touch->first = pages.first;
  touch->end = pages.end;
  return true;
}

void
atlas_run_touch (const AtlasWords *words)
{
  AtlasAllocation *allocation = atlas_take_allocation ("touch", words->words[1]);
  AtlasWords pattern = atlas_words_after (words, 3);
  Touch touch = { .allocation = allocation, .step = 1 };
  AtlasTrap trap;

  if (allocation == NULL)
    return;
  touch.writes = strcmp (words->words[2], "write") == 0;
  if (!touch.writes && strcmp (words->words[2], "read") != 0)
    {
      atlas_answer_refuse ("touch", "\"", words->words[2], "\" is neither read nor write", NULL);
      return;
    }
  if (!take_pattern (&pattern, allocation, &touch) || !take_touched (&touch))
    return;
  if (!atlas_trap_run (do_touch, &touch, &trap))
    {
      atlas_trap_answer ("touch", &trap, allocation);
      return;
    }
  atlas_answer_ok ();
  atlas_answer_number ("pages", touch.touched);
}

static void
do_fill (void *data)
{
  Fill *fill = data;

  memset (fill->allocation->address, fill->byte, fill->allocation->size);
}

void
atlas_run_fill (const AtlasWords *words)
{
  AtlasAllocation *allocation = atlas_take_allocation ("fill", words->words[1]);
  Fill fill = { allocation, 0 };
  size_t byte;
  AtlasTrap trap;

  if (allocation == NULL || !atlas_take_number ("fill", words->words[2], 255, &byte)
      || !atlas_take_access ("fill", allocation,
                             &(AtlasRange){ allocation->address, allocation->length }))
    return;
  fill.byte = (int) byte;
  if (!atlas_trap_run (do_fill, &fill, &trap))
    {
      atlas_trap_answer ("fill", &trap, allocation);
      return;
    }
  atlas_answer_ok ();
  atlas_answer_number ("bytes", allocation->size);
}

/* A page of stack, and another, until it is enough. The frame is used after the call as well, so
 * that it has to be kept. */
static __attribute__ ((noinline)) char
dig (Dig *self)
{
  volatile char frame[FRAME_SIZE];
  char below = 0;

  frame[0] = frame[FRAME_SIZE - 1] = 1;
  self->used = (size_t) (self->top - (const char *) (uintptr_t) &frame[0]);
  if (self->used < self->size)
    below = dig (self);
  return (char) (frame[0] + below);
}

static void
do_dig (void *data)
{
  dig (data);
}

/* Bytes, or "unlimited". */
static const char *
write_limit (char text[ATLAS_NUMBER_SIZE])
{
  struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
  size_t own = atlas_thread_get_stack_size ();

  if (own > 0)
    return atlas_number_text (own, text);
  getrlimit (RLIMIT_STACK, &limit);
  return limit.rlim_cur == RLIM_INFINITY ? "unlimited" : atlas_number_text (limit.rlim_cur, text);
}

static void
answer_full (const AtlasTrap *trap, const Dig *self)
{
  const char *code = trap->code == SEGV_ACCERR ? "SEGV_ACCERR" : "SEGV_MAPERR";
  char address[ATLAS_NUMBER_SIZE];
  char used[ATLAS_NUMBER_SIZE];
  char limit[ATLAS_NUMBER_SIZE];

  atlas_answer_error (trap->signal == SIGBUS ? "SIGBUS" : "SIGSEGV", "overflow",
                      "the stack is full at ", atlas_hex_text ((uintptr_t) trap->address, address),
                      " (", code, "), after ", atlas_number_text (self->used, used),
                      " bytes; the limit is ", write_limit (limit), NULL);
}

void
atlas_run_overflow (const AtlasWords *words)
{
  char here;
  Dig self = { .top = &here, .size = MOST_OVERFLOW };
  AtlasTrap trap;

  if (words->n_words == 2 && !atlas_take_size ("overflow", words->words[1], &self.size))
    return;
  if (!atlas_trap_run (do_dig, &self, &trap))
    {
      answer_full (&trap, &self);
      return;
    }
  atlas_answer_ok ();
  atlas_answer_number ("size", self.used);
}
