/* SPDX-License-Identifier: GPL-3.0-or-later */

/* For the leak sanitizer, which asks each program: fontconfig keeps what it read of the system's
 * fonts until the end, on purpose and out of the sanitizer's sight. Ours is still all told. */

const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\n";
}
