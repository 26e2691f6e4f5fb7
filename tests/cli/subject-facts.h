/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the subject does to its memory. */

#pragma once

/* Private and anonymous: the first pages are written, the next ones only read (the kernel maps its
 * page of zeros there), the rest is left alone. */
#define SUBJECT_PAGES 64
#define SUBJECT_WRITTEN 16
#define SUBJECT_READ 8
/* Shared and anonymous: the first are written, and the first of these by a child as well. */
#define SUBJECT_SHARED_PAGES 8
#define SUBJECT_SHARED_WRITTEN 3
#define SUBJECT_SHARED_TWICE 2
/* Of a file, private; the first page is written. */
#define SUBJECT_FILE_PAGES 2
