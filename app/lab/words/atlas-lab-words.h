/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words that the lab's subject, its tracer and its client share: names of errors, signals,
 * protections, flags, advice, mallopt's parameters and resource limits, and sizes as a person
 * writes them. libc only, no stdio, nothing allocated: whoever links this keeps an untouched heap.
 * All names returned are constants. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Enough room for any text of the functions below that write one. */
#define ATLAS_LAB_FLAGS_SIZE 384

/* One word of the lab's language and the kernel's or the C library's name for the same. */
typedef struct
{
  const char *word; /* "dontneed" */
  const char *name; /* "MADV_DONTNEED" */
  int value;
} AtlasLabWord;

/* Tables, each ended by a row whose word is NULL. */
extern const AtlasLabWord atlas_lab_advice[];  /* madvise(2); none that poisons memory */
extern const AtlasLabWord atlas_lab_mallopt[]; /* mallopt(3) */
extern const AtlasLabWord atlas_lab_rlimits[]; /* getrlimit(2); words as in /proc/PID/limits */

/* NULL when @table has no such word or value. The C name is as good as the word. */
const AtlasLabWord *atlas_lab_word_find (const AtlasLabWord *table, const char *word);
const AtlasLabWord *atlas_lab_word_find_value (const AtlasLabWord *table, int value);

/* "ENOMEM" and "SIGSEGV", or NULL for a number that is none. */
const char *atlas_lab_errno_name (int number);
const char *atlas_lab_signal_name (int number);
/* The number called @name, or 0. */
int atlas_lab_errno_number (const char *name);
/* si_code of SIGSEGV and SIGBUS, "SEGV_ACCERR", "BUS_ADRERR"; NULL for others. */
const char *atlas_lab_signal_code_name (int signal, int code);
/* "MADV_DONTNEED"; also for advice that is no word of the lab; NULL for an unknown one. */
const char *atlas_lab_advice_name (int advice);

/* Flags as C writes them, "PROT_READ|PROT_WRITE", the rest of unknown bits in hexadecimal. They
 * give @text, which holds @size bytes and is always terminated; what does not fit is cut. */
char *atlas_lab_prot_text (unsigned long protection, char *text, size_t size);
char *atlas_lab_map_text (unsigned long flags, char *text, size_t size);     /* mmap */
char *atlas_lab_remap_text (unsigned long flags, char *text, size_t size);   /* mremap */
char *atlas_lab_lock_text (unsigned long flags, char *text, size_t size);    /* mlock2 */
char *atlas_lab_lockall_text (unsigned long flags, char *text, size_t size); /* mlockall */

/**
 * atlas_lab_size_parse:
 * @text: "131072", "131,072", "100K", "256KiB", "1.5MB", "64p" (pages), "0x1000"
 * @page_size: bytes of a page
 * @size: (out): bytes, whole; the rest of a fraction is dropped
 *
 * Units are K, M, G and T, powers of 1,024 whether nothing, "B" or "iB" follows; B is bytes; all in
 * any case. Commas separate thousands. False, and nothing set, for anything else and for what 64
 * bits do not hold.
 */
bool atlas_lab_size_parse (const char *text, size_t page_size, uint64_t *size);
