#include "sampler/permission.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The number behind "Key:\t" in a /proc status file; `fallback` if it cannot be read. */
static unsigned long long status_number(const char *path, const char *key, int base, unsigned long long fallback)
{
	char line[512];
	FILE *file = fopen(path, "re");
	while (file && fgets(line, sizeof line, file)) {
		size_t size = strlen(key);
		if (strncmp(line, key, size) == 0 && line[size] == ':') {
			fallback = strtoull(line + size + 1, NULL, base);
			break;
		}
	}
	if (file)
		fclose(file);
	return fallback;
}

/* Yama's rule, 0 to 3; -1 without Yama. */
static int yama_scope(void)
{
	int scope = -1;
	FILE *file = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	if (file && fscanf(file, "%d", &scope) != 1)
		scope = -1;
	if (file)
		fclose(file);
	return scope;
}

static bool same_namespace(pid_t pid, const char *kind)
{
	char path[64], ours[64] = "", theirs[64] = "";
	snprintf(path, sizeof path, "/proc/self/ns/%s", kind);
	ssize_t one = readlink(path, ours, sizeof ours - 1);
	snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)pid, kind);
	ssize_t two = readlink(path, theirs, sizeof theirs - 1);
	return one < 0 || two < 0 || strcmp(ours, theirs) == 0;
}

static bool in_container(void)
{
	return access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0 ||
	       getenv("KUBERNETES_SERVICE_HOST") != NULL;
}

enum { CAP_SYS_PTRACE_BIT = 19 };

void permission_explain(pid_t pid, struct buffer *out)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	unsigned long long owner = status_number(path, "Uid", 10, geteuid());
	bool capable = status_number("/proc/self/status", "CapEff", 16, 0) >> CAP_SYS_PTRACE_BIT & 1;
	bool filtered = status_number("/proc/self/status", "Seccomp", 10, 0) == 2;
	int scope = yama_scope();
	if (capable && filtered)
		buffer_add_string(out, "a seccomp filter forbids it although CAP_SYS_PTRACE is there");
	else if (!same_namespace(pid, "user"))
		buffer_add_string(
			out, "it is in another user namespace: run pysample inside it, or as root of the host");
	else if (owner != geteuid() && !capable)
		buffer_add_format(out,
			"it belongs to user %llu and we are user %u without CAP_SYS_PTRACE: run pysample with sudo",
			owner, (unsigned)geteuid());
	else if (scope == 3)
		buffer_add_string(out, "kernel.yama.ptrace_scope is 3: nobody may, until the next boot without it");
	else if (scope >= 1 && !capable)
		buffer_add_format(out,
			"kernel.yama.ptrace_scope is %d: run pysample with sudo, start the program with it (pysample "
			"-- CMD), or "
			"set it to 0 (sudo sysctl kernel.yama.ptrace_scope=0)",
			scope);
	else
		buffer_add_string(
			out, "it is not dumpable (a setuid program, or one that forbade it): run pysample with sudo");
	if (in_container())
		buffer_add_string(out, "; in a container allow it with --cap-add SYS_PTRACE (docker, podman) or "
				       "securityContext.capabilities.add: [SYS_PTRACE] (Kubernetes)");
}
