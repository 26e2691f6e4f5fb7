/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may be done with memory, as the lab writes it: "rw", "r", "rwx", "none". */

#pragma once

#include <stdbool.h>

/* Refuses in the name of @call what is none. @protection: PROT_READ and so on. */
bool atlas_take_protection (const char *call, const char *word, int *protection);
