/* The load and the answers of bench/edge.ts and bench/http.ts, in C so that neither is the bottleneck.
 *   load PROTOCOL answer PORT                                     answers every MLLP block with an AA to its MSH-10, every HTTP request with 1 kB of JSON
 *   load PROTOCOL ask PORT CONNECTIONS SECONDS BYTES LARGE_BYTES  closed loop, one message outstanding per connection
 * PROTOCOL is mllp or http.
 * With LARGE_BYTES > 0 one more connection sends messages of that size, one every 250 ms; only the others are measured.
 * Prints one line of JSON: round trips per second, and microseconds at the quantiles. Linux (epoll). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 18, SAMPLES_MAX = 4000000, CONNECTIONS_MAX = 4096, HEAD_BYTES = 512, LARGE_EVERY_US = 250000 };

struct connection {
  int fd, is_large;
  char head[HEAD_BYTES]; /* the beginning of the block that is coming in */
  size_t head_bytes, sent;
  int in_block, last_was_end;
  size_t body_bytes; /* to come of an HTTP body */
  char *message;
  size_t message_bytes;
  uint64_t asked_at, next_at;
};

static struct connection connections[CONNECTIONS_MAX];
static char input[READ_BYTES];
static uint32_t samples[SAMPLES_MAX];
static size_t sample_count;
static uint64_t control_id;
static int is_http;

static void fail(const char *what) { perror(what); exit(1); }

static uint64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static struct sockaddr_in loopback(const char *port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

static void watch(int poll, int fd, void *who) {
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = who};
  if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &e) < 0) fail("epoll_ctl");
}

/* Calls done() for each HTTP message with a Content-Length that ends in these bytes. */
static void http_messages(struct connection *c, const char *bytes, size_t count, void (*done)(struct connection *)) {
  for (size_t i = 0; i < count;) {
    if (c->in_block) {
      size_t run = c->body_bytes < count - i ? c->body_bytes : count - i;
      c->body_bytes -= run;
      i += run;
    } else {
      if (c->head_bytes == HEAD_BYTES - 1) fail("a head is too long");
      c->head[c->head_bytes++] = bytes[i++];
      if (c->head_bytes < 4 || memcmp(c->head + c->head_bytes - 4, "\r\n\r\n", 4) != 0) continue;
      c->head[c->head_bytes] = 0;
      char *length = strcasestr(c->head, "content-length:");
      c->body_bytes = length ? (size_t)atol(length + 15) : 0;
      c->in_block = 1;
    }
    if (c->body_bytes == 0) { c->in_block = 0; c->head_bytes = 0; done(c); }
  }
}

/* Calls done() for each block that ends in these bytes. */
static void blocks(struct connection *c, const char *bytes, size_t count, void (*done)(struct connection *)) {
  for (size_t i = 0; i < count;) {
    if (!c->in_block) {
      if (bytes[i++] == 0x0b) { c->in_block = 1; c->head_bytes = 0; c->last_was_end = 0; }
      continue;
    }
    if (c->last_was_end) {
      c->last_was_end = 0;
      if (bytes[i] == '\r') { i++; c->in_block = 0; done(c); continue; }
    }
    const char *end = memchr(bytes + i, 0x1c, count - i);
    size_t run = end ? (size_t)(end - (bytes + i)) : count - i;
    size_t kept = run < HEAD_BYTES - c->head_bytes ? run : HEAD_BYTES - c->head_bytes;
    memcpy(c->head + c->head_bytes, bytes + i, kept);
    c->head_bytes += kept;
    i += run;
    if (end) { c->last_was_end = 1; i++; }
  }
}

static void send_all(int fd, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t n = send(fd, bytes, count, MSG_NOSIGNAL);
    if (n < 0) { if (errno == EINTR) continue; return; }
    bytes += n;
    count -= (size_t)n;
  }
}

static void answer(struct connection *c) {
  static char json[1200];
  if (is_http) {
    if (!json[0]) {
      int n = sprintf(json, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"ok\":\"");
      memset(json + n, 'y', 1000 - 9);
      memcpy(json + n + 1000 - 9, "\"}", 3);
    }
    send_all(c->fd, json, strlen(json));
    return;
  }
  size_t field = 1, start = 0, i = 0;
  for (; i < c->head_bytes; i++)
    if (c->head[i] == '|' && ++field == 10) start = i + 1;
    else if (field > 10) break;
  char out[512];
  int n = snprintf(out, sizeof out, "\x0bMSH|^~\\&|LIS|SZPH|HIS|SZPH|20261122215201||ACK|A%.*s|P|2.5.1\rMSA|AA|%.*s\r\x1c\r",
                   (int)(i - start), c->head + start, (int)(i - start), c->head + start);
  send_all(c->fd, out, (size_t)n);
}

static void run_answers(const char *port) {
  struct sockaddr_in address = loopback(port);
  int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 512) < 0) fail("listen");
  socklen_t size = sizeof address;
  getsockname(listener, (struct sockaddr *)&address, &size);
  watch(poll, listener, NULL);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    struct epoll_event events[128];
    int n = epoll_wait(poll, events, 128, -1);
    for (int i = 0; i < n; i++) {
      struct connection *c = events[i].data.ptr;
      if (!c) {
        c = calloc(1, sizeof *c);
        if ((c->fd = accept(listener, NULL, NULL)) >= 0) watch(poll, c->fd, c);
        continue;
      }
      ssize_t got = read(c->fd, input, sizeof input);
      if (got <= 0) { close(c->fd); free(c); continue; }
      (is_http ? http_messages : blocks)(c, input, (size_t)got, answer);
    }
  }
}

static void make_message(struct connection *c, size_t bytes) {
  c->message = malloc(bytes + 512);
  if (is_http) {
    int n = sprintf(c->message, "POST /api/orders HTTP/1.1\r\nHost: lis\r\nContent-Type: application/json\r\nX-Request-Id: %016d\r\n"
                    "Content-Length: %zu\r\n\r\n", 0, bytes);
    memset(c->message + n, 'x', bytes);
    memcpy(c->message + n, "{\"a\":\"", 6);
    memcpy(c->message + n + bytes - 2, "\"}", 2);
    c->message_bytes = (size_t)n + bytes;
    return;
  }
  int n = sprintf(c->message, "\x0bMSH|^~\\&|HIS|SZPH|LIS|SZPH|20261122215201||ADT^A01^ADT_A01|%016d|P|2.5.1\rPID|1||P0001\rOBX|1|TX|||", 0);
  memset(c->message + n, 'x', bytes);
  c->message_bytes = bytes > (size_t)n + 3 ? bytes : (size_t)n + 3;
  memcpy(c->message + c->message_bytes - 3, "\r\x1c\r", 3);
}

static int poll_fd;

static void ask(struct connection *c) {
  char id[24];
  snprintf(id, sizeof id, "%016llu", (unsigned long long)++control_id);
  memcpy(is_http ? strstr(c->message, "Request-Id: ") + 12 : strstr(c->message, "A01^ADT_A01|") + 12, id, 16);
  c->asked_at = now_us();
  if (!c->is_large) { send_all(c->fd, c->message, c->message_bytes); return; }
  c->sent = 0;
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
  epoll_ctl(poll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

static void go_on(struct connection *c) {
  ssize_t n = send(c->fd, c->message + c->sent, c->message_bytes - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n > 0) c->sent += (size_t)n;
  if (c->sent < c->message_bytes) return;
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(poll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

static void answered(struct connection *c) {
  uint64_t now = now_us();
  if (c->is_large) { c->next_at = c->asked_at + LARGE_EVERY_US > now ? c->asked_at + LARGE_EVERY_US : now; c->asked_at = 0; return; }
  if (sample_count < SAMPLES_MAX) samples[sample_count++] = (uint32_t)(now - c->asked_at);
  ask(c);
}

static int by_size(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static int run_questions(char **argument) {
  int count = atoi(argument[1]);
  double seconds = atof(argument[2]);
  size_t bytes = (size_t)atol(argument[3]), large = (size_t)atol(argument[4]);
  struct sockaddr_in address = loopback(argument[0]);
  control_id = (uint64_t)getpid() * 100000000ULL;
  poll_fd = epoll_create1(0);
  int total = count + (large > 0);
  for (int i = 0; i < total; i++) {
    struct connection *c = &connections[i];
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c->fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    watch(poll_fd, c->fd, c);
    c->is_large = i >= count;
    make_message(c, c->is_large ? large : bytes);
  }
  uint64_t start = now_us(), end = start + (uint64_t)(seconds * 1e6);
  for (int i = 0; i < total; i++) ask(&connections[i]);
  while (now_us() < end) {
    struct epoll_event events[128];
    int n = epoll_wait(poll_fd, events, 128, large > 0 ? 1 : 100);
    for (int i = 0; i < n; i++) {
      struct connection *c = events[i].data.ptr;
      if (events[i].events & EPOLLOUT) go_on(c);
      if (!(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) continue;
      ssize_t got = read(c->fd, input, sizeof input);
      if (got <= 0) { fprintf(stderr, "a connection ended\n"); return 1; }
      (is_http ? http_messages : blocks)(c, input, (size_t)got, answered);
    }
    if (large > 0 && connections[count].asked_at == 0 && now_us() >= connections[count].next_at) ask(&connections[count]);
  }
  double took = (double)(now_us() - start) / 1e6;
  qsort(samples, sample_count, sizeof *samples, by_size);
  if (sample_count == 0) return 1;
  printf("{\"perSecond\":%.0f,\"p50\":%u,\"p99\":%u,\"p999\":%u,\"max\":%u}\n", (double)sample_count / took, samples[sample_count / 2],
         samples[sample_count * 99 / 100], samples[sample_count * 999 / 1000], samples[sample_count - 1]);
  return 0;
}

int main(int count, char **argument) {
  is_http = count > 1 && strcmp(argument[1], "http") == 0;
  if (count == 4 && strcmp(argument[2], "answer") == 0) run_answers(argument[3]);
  if (count == 8 && strcmp(argument[2], "ask") == 0) return run_questions(argument + 3);
  fprintf(stderr, "see the top of load.c\n");
  return 2;
}
