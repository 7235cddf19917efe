/* Many connections to one server on loopback, and one that posts.

The load must cost less than the server that it measures, so it is C and epoll. Connections come from
many addresses of 127.0.0.0/8: one has no more ports than that, and a room gives each its share.
An error ends the program with a line on stderr: a load that is not whole measures nothing. */

#ifndef BENCH_SOCKETS_H
#define BENCH_SOCKETS_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PER_ADDRESS = 400, OPENED_AT_ONCE = 32, READ_BYTES = 65536, WAIT_MS = 30000 };

#define PLACEHOLDER "@@@@@@@@@@@@"
enum { MARK_BYTES = sizeof PLACEHOLDER - 1 };

static inline void end(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static inline double now_us(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static inline void allow_descriptors(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* Connect to a port of 127.0.0.1, as the client of this number; the socket blocks. */
static inline int connect_as(int number, int port) {
    int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (sock < 0) end("socket");
    int on = 1;
    setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(sock, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl((127u << 24) + 2 + number / PER_ADDRESS);
    if (bind(sock, (struct sockaddr *)&address, sizeof address)) end("bind");
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (connect(sock, (struct sockaddr *)&address, sizeof address)) end("connect");
    return sock;
}

static inline void send_all(int sock, const char *bytes, size_t size) {
    while (size) {
        ssize_t sent = send(sock, bytes, size, MSG_NOSIGNAL);
        if (sent < 0) end("send");
        bytes += sent;
        size -= sent;
    }
}

/* Write a mark of its own in the place of every placeholder of a request. */
static inline void stamp(char *text, size_t size, const char *old, const char *mark) {
    for (char *at = text; (at = memmem(at, size - (at - text), old, MARK_BYTES)); at += MARK_BYTES)
        memcpy(at, mark, MARK_BYTES);
}

/* Make a mark that no other load has made in this room: the process and a number below a million. */
static inline void make_mark(char *mark, long number) {
    number += getpid() % 100000 * 1000000L;
    mark[0] = 'm';
    mark[MARK_BYTES] = 0;
    for (int place = MARK_BYTES - 1; place; place--, number /= 10) mark[place] = '0' + number % 10;
}

/* Return the size of the whole answer at the start of the bytes, 0 while some of it is missing. */
static inline size_t answer_size(const char *bytes, size_t size) {
    const char *head_end = memmem(bytes, size, "\r\n\r\n", 4);
    if (!head_end) return 0;
    size_t head = head_end + 4 - bytes;
    const char *length = strcasestr(bytes, "\r\ncontent-length:");
    size_t body = length && length < head_end ? strtoul(length + 17, NULL, 10) : 0;
    return size >= head + body ? head + body : 0;
}

/* Open event streams, a few at a time, and return when each has the head of its answer.

Whatever else comes at the beginning is left to be read. */
static inline void open_streams(int *socks, int count, int port, const char *request) {
    static char heard[READ_BYTES];
    for (int first = 0; first < count; first += OPENED_AT_ONCE) {
        int last = first + OPENED_AT_ONCE < count ? first + OPENED_AT_ONCE : count;
        for (int number = first; number < last; number++) {
            socks[number] = connect_as(number, port);
            send_all(socks[number], request, strlen(request));
        }
        for (int number = first; number < last; number++) {
            ssize_t size = recv(socks[number], heard, sizeof heard - 1, 0);
            if (size <= 0) end("a stream was not opened");
            heard[size] = 0;
            if (strncmp(heard, "HTTP/1.1 200", 12)) end("a stream was refused");
        }
    }
}

static inline int watch(const int *socks, int count) {
    int queue = epoll_create1(EPOLL_CLOEXEC);
    for (int number = 0; number < count; number++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
        if (epoll_ctl(queue, EPOLL_CTL_ADD, socks[number], &event)) end("epoll_ctl");
    }
    return queue;
}

/* Say that all is ready, and wait until whoever measures has read the clocks. */
static inline void await_start(void) {
    puts("ready");
    fflush(stdout);
    if (getchar() == EOF) exit(0);
}

#endif
