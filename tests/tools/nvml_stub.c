/* A stand-in for libnvidia-ml.so.1, for tests without a GPU. It answers from a text file named by
 * NVML_STUB_ANSWERS, a line an answer:
 *
 *     SUBJECT SYMBOL = VALUE...     the call succeeds
 *     SUBJECT SYMBOL ! CODE [N]     it fails with NVML's error code, after N good calls (0)
 *     SUBJECT SYMBOL ~ SECONDS      it rests this long, as a wedged driver does, whatever it then answers
 *     SUBJECT SYMBOL ^ SECONDS      it takes this long and polls, as a driver does that wakes a device
 *
 * SUBJECT is "-" (the system), a device's index "0", a MIG slice "0/1", a pair "0-1", or "*" (any).
 * SYMBOL is the exported name, with its argument where it has one: nvmlDeviceGetTemperature(0).
 * A later line prevails; what is not listed is NOT_SUPPORTED. Signatures and structures: NVML API reference, nvml.h. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OK = 0, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6, INSUFFICIENT_SIZE = 7 };
enum { ENTRIES = 20000, DEVICES = 64, SLICES = 16 };

typedef unsigned int uint;
typedef unsigned long long u64;
typedef struct { char subject[16], symbol[64], kind, value[1024]; int code, after, calls; double seconds; } entry;
typedef struct { int device, slice; } handle;

static entry table[ENTRIES];
static int entries;
static handle handles[DEVICES][SLICES + 1];
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void load(void) {
    const char *path = getenv("NVML_STUB_ANSWERS");
    FILE *file = path ? fopen(path, "r") : NULL;
    char line[1400];
    while (file && entries < ENTRIES && fgets(line, sizeof line, file)) {
        entry *e = &table[entries];
        line[strcspn(line, "\n")] = 0;
        if (sscanf(line, "%15s %63s %c %1023[^\n]", e->subject, e->symbol, &e->kind, e->value) < 3 || line[0] == '#') continue;
        if (e->kind == '!') sscanf(e->value, "%d %d", &e->code, &e->after);
        if (e->kind == '~' || e->kind == '^') e->seconds = atof(e->value);
        entries++;
    }
    if (file) fclose(file);
    for (int d = 0; d < DEVICES; d++)
        for (int s = 0; s <= SLICES; s++) handles[d][s] = (handle){d, s - 1};
}

static void wait_for(double seconds) {
    struct timespec t = {(time_t)seconds, (long)((seconds - (long)seconds) * 1e9)};
    while (nanosleep(&t, &t)) {}
}

/* The answer to a call; sets *code to NVML's return value. */
static const char *find(const char *subject, const char *symbol, int *code) {
    const char *value = NULL;
    double seconds = 0, step = 0;
    *code = NOT_SUPPORTED;
    pthread_once(&once, load);
    pthread_mutex_lock(&lock);
    for (int i = 0; i < entries; i++) {
        entry *e = &table[i];
        if (strcmp(e->symbol, symbol) || (strcmp(e->subject, subject) && strcmp(e->subject, "*"))) continue;
        if (e->kind == '~' || e->kind == '^') { seconds = e->seconds; step = e->kind == '~' ? seconds : 0.02; }
        else if (e->kind == '=') { value = e->value; *code = OK; }
        else if (e->kind == '!' && e->calls++ >= e->after) { value = NULL; *code = e->code; }
    }
    pthread_mutex_unlock(&lock);
    for (; seconds > 0; seconds -= step) wait_for(step);
    return value;
}

static const char *ask(const handle *h, const char *symbol, int argument, int *code) {
    char subject[16], full[80];
    if (h->slice < 0) snprintf(subject, sizeof subject, "%d", h->device);
    else snprintf(subject, sizeof subject, "%d/%d", h->device, h->slice);
    if (argument < 0) return find(subject, symbol, code);
    snprintf(full, sizeof full, "%s(%d)", symbol, argument);
    return find(subject, full, code);
}

static int text(const char *value, int code, char *out, uint size) {
    if (code) return code;
    if (strlen(value) + 1 > size) return INSUFFICIENT_SIZE;
    strcpy(out, value);
    return OK;
}

/* ---- the system ---- */
static int plain(const char *symbol) { int code; find("-", symbol, &code); return code == NOT_SUPPORTED ? OK : code; }
int nvmlInitWithFlags(uint flags) { (void)flags; return plain("nvmlInit_v2"); }
int nvmlInit_v2(void) { return plain("nvmlInit_v2"); }
int nvmlShutdown(void) { return OK; }
const char *nvmlErrorString(int code) { (void)code; return "an error of the stand-in"; }

#define SYSTEM_TEXT(symbol) \
    int symbol(char *out, uint size) { int code; const char *v = find("-", #symbol, &code); return text(v, code, out, size); }
SYSTEM_TEXT(nvmlSystemGetDriverVersion)
SYSTEM_TEXT(nvmlSystemGetNVMLVersion)

#define SYSTEM_NUMBER(symbol) \
    int symbol(int *out) { int code; const char *v = find("-", #symbol, &code); if (!code) *out = atoi(v); return code; }
SYSTEM_NUMBER(nvmlSystemGetCudaDriverVersion_v2)
SYSTEM_NUMBER(nvmlDeviceGetCount_v2)

int nvmlDeviceGetHandleByIndex_v2(uint index, const handle **out) {
    char subject[16];
    int code, none;
    const char *count = find("-", "nvmlDeviceGetCount_v2", &none);
    snprintf(subject, sizeof subject, "%u", index);
    find(subject, "nvmlDeviceGetHandleByIndex_v2", &code);
    if (code && code != NOT_SUPPORTED) return code;
    if (index >= DEVICES || !count || index >= (uint)atoi(count)) return INVALID_ARGUMENT;
    *out = &handles[index][0];
    return OK;
}

int nvmlDeviceGetMigDeviceHandleByIndex(const handle *h, uint index, const handle **out) {
    char subject[16];
    int code;
    if (index >= SLICES) return INVALID_ARGUMENT;
    snprintf(subject, sizeof subject, "%d/%u", h->device, index);
    find(subject, "nvmlDeviceGetUUID", &code);
    if (code) return code == NOT_SUPPORTED ? NOT_FOUND : code;
    *out = &handles[h->device][index + 1];
    return OK;
}

/* ---- one device: text, one number, one number by argument, two numbers ---- */
#define TEXT(symbol) \
    int symbol(const handle *h, char *out, uint size) { int code; const char *v = ask(h, #symbol, -1, &code); return text(v, code, out, size); }
TEXT(nvmlDeviceGetName)
TEXT(nvmlDeviceGetUUID)

#define NUMBER(symbol, type) \
    int symbol(const handle *h, type *out) { int code; const char *v = ask(h, #symbol, -1, &code); if (!code) *out = (type)strtoull(v, NULL, 0); return code; }
NUMBER(nvmlDeviceGetPersistenceMode, uint)
NUMBER(nvmlDeviceGetComputeMode, uint)
NUMBER(nvmlDeviceGetVirtualizationMode, uint)
NUMBER(nvmlDeviceGetPowerManagementLimit, uint)
NUMBER(nvmlDeviceGetPowerManagementDefaultLimit, uint)
NUMBER(nvmlDeviceGetEnforcedPowerLimit, uint)
NUMBER(nvmlDeviceGetCurrPcieLinkGeneration, uint)
NUMBER(nvmlDeviceGetMaxPcieLinkGeneration, uint)
NUMBER(nvmlDeviceGetGpuMaxPcieLinkGeneration, uint)
NUMBER(nvmlDeviceGetCurrPcieLinkWidth, uint)
NUMBER(nvmlDeviceGetMaxPcieLinkWidth, uint)
NUMBER(nvmlDeviceGetMemoryBusWidth, uint)
NUMBER(nvmlDeviceGetNumGpuCores, uint)
NUMBER(nvmlDeviceGetMaxMigDeviceCount, uint)
NUMBER(nvmlDeviceGetGpuInstanceId, uint)
NUMBER(nvmlDeviceGetComputeInstanceId, uint)
NUMBER(nvmlDeviceGetRetiredPagesPendingStatus, uint)
NUMBER(nvmlDeviceGetMinorNumber, uint)
NUMBER(nvmlDeviceGetNumaNodeId, int)
NUMBER(nvmlDeviceGetCurrentClocksThrottleReasons, u64)
NUMBER(nvmlDeviceGetCurrentClocksEventReasons, u64)

#define BY_ARGUMENT(symbol) \
    int symbol(const handle *h, uint argument, uint *out) { int code; const char *v = ask(h, #symbol, (int)argument, &code); if (!code) *out = (uint)strtoul(v, NULL, 0); return code; }
BY_ARGUMENT(nvmlDeviceGetTemperature)
BY_ARGUMENT(nvmlDeviceGetTemperatureThreshold)
BY_ARGUMENT(nvmlDeviceGetMaxClockInfo)
BY_ARGUMENT(nvmlDeviceGetClockInfo)
BY_ARGUMENT(nvmlDeviceGetNvLinkState)
BY_ARGUMENT(nvmlDeviceGetNvLinkVersion)
BY_ARGUMENT(nvmlDeviceGetNvLinkRemoteDeviceType)

#define TWO(symbol) \
    int symbol(const handle *h, uint *a, uint *b) { int code; const char *v = ask(h, #symbol, -1, &code); if (!code) sscanf(v, "%u %u", a, b); return code; }
TWO(nvmlDeviceGetMigMode)
TWO(nvmlDeviceGetEccMode)
TWO(nvmlDeviceGetCudaComputeCapability)

/* ---- one device: structures ---- */
int nvmlDeviceGetMemoryInfo(const handle *h, u64 *m) { /* total free used */
    int code;
    const char *v = ask(h, "nvmlDeviceGetMemoryInfo", -1, &code);
    if (!code) sscanf(v, "%llu %llu %llu", &m[0], &m[1], &m[2]);
    return code;
}
typedef struct { uint version; u64 total, reserved, free, used; } memory;
int nvmlDeviceGetMemoryInfo_v2(const handle *h, memory *m) { /* total reserved free used */
    int code;
    const char *v = ask(h, "nvmlDeviceGetMemoryInfo_v2", -1, &code);
    if (!code) sscanf(v, "%llu %llu %llu %llu", &m->total, &m->reserved, &m->free, &m->used);
    return code;
}
int nvmlDeviceGetBAR1MemoryInfo(const handle *h, u64 *m) { /* total free used */
    int code;
    const char *v = ask(h, "nvmlDeviceGetBAR1MemoryInfo", -1, &code);
    if (!code) sscanf(v, "%llu %llu %llu", &m[0], &m[1], &m[2]);
    return code;
}
int nvmlDeviceGetUtilizationRates(const handle *h, uint *rates) {
    int code;
    const char *v = ask(h, "nvmlDeviceGetUtilizationRates", -1, &code);
    if (!code) sscanf(v, "%u %u", &rates[0], &rates[1]);
    return code;
}
int nvmlDeviceGetRemappedRows(const handle *h, uint *a, uint *b, uint *c, uint *d) {
    int code;
    const char *v = ask(h, "nvmlDeviceGetRemappedRows", -1, &code);
    if (!code) sscanf(v, "%u %u %u %u", a, b, c, d);
    return code;
}
int nvmlDeviceGetTotalEccErrors(const handle *h, uint kind, uint counter, u64 *out) { /* argument: 10 x kind + counter */
    int code;
    const char *v = ask(h, "nvmlDeviceGetTotalEccErrors", (int)(10 * kind + counter), &code);
    if (!code) *out = strtoull(v, NULL, 0);
    return code;
}
int nvmlDeviceGetRetiredPages(const handle *h, uint cause, uint *count, u64 *pages) {
    int code;
    const char *v = ask(h, "nvmlDeviceGetRetiredPages", (int)cause, &code);
    uint have, room = *count;
    if (code) return code;
    *count = have = (uint)atoi(v);
    if (have && (!pages || room < have)) return INSUFFICIENT_SIZE;
    for (uint i = 0; i < have; i++) pages[i] = 4096ull * i;
    return OK;
}
typedef struct { char legacy[16]; uint domain, bus, device, id, subsystem; char bus_id[32]; } pci;
static int pci_info(const char *v, int code, pci *p) { /* address [device-id [subsystem-id]] */
    if (code) return code;
    memset(p, 0, sizeof *p);
    sscanf(v, "%31s %x %x", p->bus_id, &p->id, &p->subsystem);
    sscanf(p->bus_id, "%x:%x:%x", &p->domain, &p->bus, &p->device);
    snprintf(p->legacy, sizeof p->legacy, "%04X:%02X:%02X.0", p->domain & 0xffff, p->bus & 0xff, p->device & 0xff);
    return OK;
}
int nvmlDeviceGetPciInfo_v3(const handle *h, pci *p) {
    int code;
    const char *v = ask(h, "nvmlDeviceGetPciInfo_v3", -1, &code);
    return pci_info(v, code, p);
}
int nvmlDeviceGetNvLinkRemotePciInfo_v2(const handle *h, uint link, pci *p) {
    int code;
    const char *v = ask(h, "nvmlDeviceGetNvLinkRemotePciInfo_v2", (int)link, &code);
    return pci_info(v, code, p);
}
typedef struct { uint n[8]; u64 memory_mb; } attributes;
int nvmlDeviceGetAttributes_v2(const handle *h, attributes *a) { /* multiprocessors GPU-slices compute-slices MiB */
    int code;
    const char *v = ask(h, "nvmlDeviceGetAttributes_v2", -1, &code);
    if (code) return code;
    memset(a, 0, sizeof *a);
    sscanf(v, "%u %u %u %llu", &a->n[0], &a->n[6], &a->n[7], &a->memory_mb);
    return OK;
}
int nvmlDeviceGetAddressingMode(const handle *h, uint *versioned) {
    int code;
    const char *v = ask(h, "nvmlDeviceGetAddressingMode", -1, &code);
    if (!code) versioned[1] = (uint)atoi(v);
    return code;
}
int nvmlDeviceGetC2cModeInfoV(const handle *h, uint *enabled) {
    int code;
    const char *v = ask(h, "nvmlDeviceGetC2cModeInfoV", -1, &code);
    if (!code) *enabled = (uint)atoi(v);
    return code;
}
typedef struct { unsigned char cluster[16]; int status; uint clique; unsigned char state; } fabric;
int nvmlDeviceGetGpuFabricInfo(const handle *h, fabric *f) { /* state status */
    int code;
    const char *v = ask(h, "nvmlDeviceGetGpuFabricInfo", -1, &code);
    uint state = 0;
    if (code) return code;
    memset(f, 0, sizeof *f);
    sscanf(v, "%u %d", &state, &f->status);
    f->state = (unsigned char)state;
    return OK;
}
typedef struct { uint field, scope; long long when, took; uint type; int code; union { double d; u64 u; uint ui; } value; } field;
int nvmlDeviceGetFieldValues(const handle *h, int count, field *fields) {
    for (int i = 0; i < count; i++) {
        const char *v = ask(h, "nvmlDeviceGetFieldValues", (int)fields[i].field, &fields[i].code);
        fields[i].type = 1; /* NVML_VALUE_TYPE_UNSIGNED_INT */
        if (!fields[i].code) fields[i].value.u = strtoull(v, NULL, 0);
    }
    return OK;
}
typedef struct { uint pid; u64 bytes; uint instance, compute; } process;
static int processes(const handle *h, const char *symbol, uint *count, process *out) { /* pid:bytes ... */
    int code, used, n = 0;
    const char *v = ask(h, symbol, -1, &code);
    uint room = *count, pid;
    u64 bytes;
    if (code) return code;
    for (; sscanf(v, " %u:%llu%n", &pid, &bytes, &used) == 2; v += used, n++)
        if (out && (uint)n < room) out[n] = (process){pid, bytes, ~0u, ~0u};
    *count = (uint)n;
    return (uint)n > room ? INSUFFICIENT_SIZE : OK;
}
int nvmlDeviceGetComputeRunningProcesses_v3(const handle *h, uint *n, process *p) { return processes(h, "nvmlDeviceGetComputeRunningProcesses_v3", n, p); }
int nvmlDeviceGetGraphicsRunningProcesses_v3(const handle *h, uint *n, process *p) { return processes(h, "nvmlDeviceGetGraphicsRunningProcesses_v3", n, p); }

/* ---- two devices ---- */
static int pair(const handle *a, const handle *b, const char *symbol, uint *out) {
    char subject[16];
    int code;
    snprintf(subject, sizeof subject, "%d-%d", a->device, b->device);
    const char *v = find(subject, symbol, &code);
    if (!code) *out = (uint)atoi(v);
    return code;
}
int nvmlDeviceGetTopologyCommonAncestor(const handle *a, const handle *b, uint *out) { return pair(a, b, "nvmlDeviceGetTopologyCommonAncestor", out); }
int nvmlDeviceGetP2PStatus(const handle *a, const handle *b, uint index, uint *out) { (void)index; return pair(a, b, "nvmlDeviceGetP2PStatus", out); }
