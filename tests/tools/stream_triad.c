/* The triad a = b + 3*c as STREAM defines it, one pass for each line read; prints bytes a second.
   gcc -O3 -march=native -fopenmp stream_triad.c -o stream_triad; ./stream_triad BYTES_AN_ARRAY */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static float *array(size_t bytes) {
  void *block = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) exit(1);
  madvise(block, bytes, MADV_HUGEPAGE);
  return block;
}

int main(int argc, char **argv) {
  size_t bytes = argc > 1 ? strtoull(argv[1], 0, 10) : 0, n = bytes / sizeof(float);
  float *a = array(bytes), *b = array(bytes), *c = array(bytes);
#pragma omp parallel for schedule(static)
  for (size_t i = 0; i < n; i++) a[i] = 0, b[i] = 1, c[i] = 2;
  puts("ready");
  fflush(stdout);
  while (getchar() != EOF) {
    double begun = now();
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n; i++) a[i] = b[i] + 3.0f * c[i];
    printf("%.6e\n", 3.0 * bytes / (now() - begun));
    fflush(stdout);
  }
  return a[n - 1] == 7.0f ? 0 : 1;
}
