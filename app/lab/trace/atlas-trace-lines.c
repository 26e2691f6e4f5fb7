/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Putting the lines together. That of a call is begun when the call is, since the arguments are
 * known then and what they point to may change. */

#include "atlas-trace-lines.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "atlas-lab-words.h"
#include "atlas-trace-json.h"
#include "atlas-trace-output.h"

/* Seconds since 1970, with six digits behind the point. */
static void
add_time (AtlasTraceText *line)
{
  struct timespec now;
  char fraction[8] = ".000000";
  long microseconds;

  clock_gettime (CLOCK_REALTIME, &now);
  microseconds = now.tv_nsec / 1000;
  for (int i = 6; i > 0; i--, microseconds /= 10)
    fraction[i] = (char) ('0' + microseconds % 10);
  atlas_trace_text_add_signed (line, now.tv_sec);
  atlas_trace_text_add (line, fraction);
}

static void
begin_line (AtlasTraceTask *task)
{
  AtlasTraceText *line = &task->line;

  atlas_trace_text_clear (line);
  atlas_trace_text_add (line, "{\"time\":");
  add_time (line);
  atlas_trace_json_add_number (line, "pid", task->pid);
  atlas_trace_json_add_number (line, "tid", task->tid);
  atlas_trace_task_refresh_name (task);
  atlas_trace_json_add_name (line, "thread");
  atlas_trace_json_add_string (line, task->name, task->name_length);
}

static void
end_line (AtlasTraceTask *task)
{
  AtlasTraceText *line = &task->line;

  atlas_trace_text_add (line, "}\n");
  atlas_trace_output_write (line->bytes, line->length);
}

/* --- calls --- */

/* ,"args":{…},"text":"mmap (…)"; the same words in both. */
static void
add_arguments (AtlasTraceTask *task, const AtlasTraceCall *call, const uint64_t *values)
{
  static AtlasTraceText word, text;
  AtlasTraceText *line = &task->line;
  unsigned n = atlas_trace_call_count_arguments (call, values);

  atlas_trace_text_clear (&text);
  atlas_trace_text_add (&text, call->name);
  atlas_trace_text_add (&text, " (");
  atlas_trace_text_add (line, ",\"args\":{");
  for (unsigned i = 0; i < n; i++)
    {
      bool is_number;

      atlas_trace_text_clear (&word);
      is_number = call->arguments[i].value (&word, values + i, task->tid);
      atlas_trace_text_add (line, i > 0 ? ",\"" : "\"");
      atlas_trace_text_add (line, call->arguments[i].name);
      atlas_trace_text_add (line, "\":");
      if (is_number)
        atlas_trace_text_add_bytes (line, word.bytes, word.length);
      else
        atlas_trace_json_add_string (line, word.bytes, word.length);
      atlas_trace_text_add (&text, i > 0 ? ", " : "");
      atlas_trace_text_add_bytes (&text, word.bytes, word.length);
    }
  atlas_trace_text_add_byte (&text, ')');
  atlas_trace_text_add_byte (line, '}');
  atlas_trace_json_add_name (line, "text");
  atlas_trace_json_add_string (line, text.bytes, text.length);
}

/* The target of a link of /proc/TID; left out where it cannot be read. */
static void
add_link (AtlasTraceTask *task, const char *name, const char *link)
{
  char path[64], target[PATH_MAX];
  ssize_t length;

  snprintf (path, sizeof path, "/proc/%d/%s", (int) task->tid, link);
  length = readlink (path, target, sizeof target);
  if (length < 0)
    return;
  atlas_trace_json_add_name (&task->line, name);
  atlas_trace_json_add_string (&task->line, target, (size_t) length);
}

/* The file that is mapped. */
static void
add_file (AtlasTraceTask *task, const AtlasTraceCall *call, const uint64_t *values)
{
  char link[32];

  if (call->number != SYS_mmap || (values[3] & MAP_ANONYMOUS) != 0 || (int) values[4] < 0)
    return;
  snprintf (link, sizeof link, "fd/%d", (int) values[4]);
  add_link (task, "file", link);
}

void
atlas_trace_lines_begin_call (AtlasTraceTask *task,
                              const AtlasTraceCall *call,
                              const uint64_t *arguments)
{
  begin_line (task);
  atlas_trace_json_add_member (&task->line, "call", call->name);
  add_arguments (task, call, arguments);
  add_file (task, call, arguments);
  task->result = call->result;
}

static void
add_result (AtlasTraceTask *task, int64_t result)
{
  static AtlasTraceText word;
  uint64_t value = (uint64_t) result;
  bool is_number;

  atlas_trace_text_clear (&word);
  is_number = task->result (&word, &value, task->tid);
  atlas_trace_json_add_name (&task->line, "result");
  if (is_number)
    atlas_trace_text_add_bytes (&task->line, word.bytes, word.length);
  else
    atlas_trace_json_add_string (&task->line, word.bytes, word.length);
}

/* Those from 512 on are the kernel's own: the call is begun anew after a signal. */
static const char *
describe_error (int number)
{
  return number >= 512 ? "To be restarted" : strerror (number);
}

static void
add_error (AtlasTraceTask *task, int number)
{
  const char *name = atlas_lab_errno_name (number);
  char unnamed[16];

  snprintf (unnamed, sizeof unnamed, "E%d", number);
  atlas_trace_json_add_number (&task->line, "result", -1);
  atlas_trace_json_add_member (&task->line, "error", name != NULL ? name : unnamed);
  atlas_trace_json_add_member (&task->line, "message", describe_error (number));
}

void
atlas_trace_lines_end_call (AtlasTraceTask *task, int64_t result, bool failed)
{
  if (failed)
    add_error (task, (int) -result);
  else
    add_result (task, result);
  end_line (task);
}

void
atlas_trace_lines_lose_call (AtlasTraceTask *task)
{
  atlas_trace_json_add_member (&task->line, "event", "lost");
  end_line (task);
}

/* --- events --- */

static void
begin_event (AtlasTraceTask *task, const char *event)
{
  begin_line (task);
  atlas_trace_json_add_member (&task->line, "event", event);
}

void
atlas_trace_lines_program (AtlasTraceTask *task, const char *event)
{
  begin_event (task, event);
  add_link (task, "program", "exe");
  end_line (task);
}

void
atlas_trace_lines_child (AtlasTraceTask *task, const char *event, pid_t child)
{
  begin_event (task, event);
  atlas_trace_json_add_number (&task->line, "child", child);
  end_line (task);
}

/* "SIGTERM", and those without a name as the kernel counts them. */
static void
add_signal (AtlasTraceTask *task, int number)
{
  const char *name = atlas_lab_signal_name (number);
  char unnamed[16];

  snprintf (unnamed, sizeof unnamed, "SIGRT%d", number);
  atlas_trace_json_add_member (&task->line, "signal", name != NULL ? name : unnamed);
}

static const char *
find_code_name (const siginfo_t *info)
{
  switch (info->si_code)
    {
    case SI_USER:
      return "SI_USER";
    case SI_KERNEL:
      return "SI_KERNEL";
    case SI_QUEUE:
      return "SI_QUEUE";
    case SI_TIMER:
      return "SI_TIMER";
    case SI_TKILL:
      return "SI_TKILL";
    default:
      return atlas_lab_signal_code_name (info->si_signo, info->si_code);
    }
}

static void
add_code (AtlasTraceTask *task, const siginfo_t *info)
{
  const char *name = find_code_name (info);

  if (name != NULL)
    atlas_trace_json_add_member (&task->line, "code", name);
  else
    atlas_trace_json_add_number (&task->line, "code", info->si_code);
}

/* Whether the kernel sent it for what the thread did at an address. */
static bool
has_address (const siginfo_t *info)
{
  return info->si_code > 0 && info->si_code != SI_KERNEL
         && (info->si_signo == SIGSEGV || info->si_signo == SIGBUS || info->si_signo == SIGILL
             || info->si_signo == SIGFPE);
}

static void
add_address (AtlasTraceTask *task, const void *address)
{
  AtlasTraceText *line = &task->line;

  atlas_trace_json_add_name (line, "address");
  atlas_trace_text_add_byte (line, '"');
  atlas_trace_text_add_hexadecimal (line, (uintptr_t) address);
  atlas_trace_text_add_byte (line, '"');
}

/* Whether a process sent it, rather than the kernel, a timer or the like. */
static bool
has_sender (const siginfo_t *info)
{
  return (info->si_code == SI_USER || info->si_code == SI_TKILL || info->si_code == SI_QUEUE)
         && info->si_pid > 0;
}

void
atlas_trace_lines_signal (AtlasTraceTask *task, const siginfo_t *info)
{
  begin_event (task, "signal");
  add_signal (task, info->si_signo);
  add_code (task, info);
  if (has_sender (info))
    atlas_trace_json_add_number (&task->line, "sender", info->si_pid);
  if (has_address (info))
    add_address (task, info->si_addr);
  end_line (task);
}

void
atlas_trace_lines_end (AtlasTraceTask *task, int status)
{
  begin_event (task, WIFSIGNALED (status) ? "killed" : "exit");
  if (WIFSIGNALED (status))
    add_signal (task, WTERMSIG (status));
  else
    atlas_trace_json_add_number (&task->line, "status", WEXITSTATUS (status));
  end_line (task);
}
