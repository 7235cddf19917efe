/* Fan-out: N event streams and one client that posts, each message when all have the one before.

fanout PORT STREAMS WARM-UPS MESSAGES GET POST [BEFORE]: prints "ready", waits for a line, and then prints for
each message the microseconds from its post until the last stream had it and until the post was
acknowledged. Placeholders in POST become each message's mark, by which streams know it; with BEFORE,
they wait for one that has these words before its mark. */

#include "sockets.h"

enum { EVENTS = 1024, WANTED_BYTES = 64 };

typedef struct {
    int heard;                  /* The number of the last message that was seen. */
    int kept;                   /* Bytes at the end of the last read that a mark may begin with. */
    char rest[WANTED_BYTES];
} Stream;

typedef struct {
    int streams, queue, *socks;
    Stream *of;
    char *post, mark[MARK_BYTES + 1];
    size_t post_size;
    char wanted[WANTED_BYTES];  /* What streams wait for, which ends with the mark. */
    size_t before_size, wanted_size;
} Load;

static char buffer[WANTED_BYTES + READ_BYTES];
static char answer[READ_BYTES];

/* Read from a stream; tell whether the mark has come with it. */
static int hears(Load *load, int number, int message) {
    Stream *stream = &load->of[number];
    memcpy(buffer, stream->rest, stream->kept);
    ssize_t size = recv(load->socks[number], buffer + stream->kept, READ_BYTES, MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN)) end("a stream has ended");
    if (size < 0) return 0;
    size += stream->kept;
    int is_new = stream->heard != message && memmem(buffer, size, load->wanted, load->wanted_size);
    if (is_new) stream->heard = message;
    int keep = load->wanted_size - 1;
    stream->kept = size < keep ? size : keep;
    memcpy(stream->rest, buffer + size - stream->kept, stream->kept);
    return is_new;
}

/* Read from the client that posts; tell whether the answer is whole. */
static int is_acknowledged(int sock, size_t *size) {
    ssize_t got = recv(sock, answer + *size, sizeof answer - 1 - *size, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN)) end("the post was not answered");
    if (got < 0) return 0;
    *size += got;
    answer[*size] = 0;
    if (!answer_size(answer, *size)) return 0;
    if (strncmp(answer, "HTTP/1.1 20", 11)) {
        fprintf(stderr, "%s\n", answer);
        end("the post was refused");
    }
    return 1;
}

static void post(Load *load, int message, int say) {
    struct epoll_event events[EVENTS];
    char last[MARK_BYTES + 1];
    strcpy(last, load->mark);
    make_mark(load->mark, message);
    memcpy(load->wanted + load->before_size, load->mark, MARK_BYTES);
    stamp(load->post, load->post_size, last, load->mark);
    size_t answered = 0;
    double last_us = 0, acknowledged_us = 0, begun_us = now_us();
    send_all(load->socks[load->streams], load->post, load->post_size);
    for (int waiting = load->streams; waiting || !acknowledged_us;) {
        int ready = epoll_wait(load->queue, events, EVENTS, WAIT_MS);
        if (ready <= 0) end("the message did not come");
        for (int each = 0; each < ready; each++) {
            int number = events[each].data.u32;
            if (number < load->streams) {
                waiting -= hears(load, number, message);
                if (!waiting && !last_us) last_us = now_us();
            } else if (is_acknowledged(load->socks[number], &answered)) {
                acknowledged_us = now_us();
            }
        }
    }
    if (say) printf("%.1f %.1f\n", last_us - begun_us, acknowledged_us - begun_us);
}

int main(int count, char **words) {
    const char *before = count == 8 ? words[7] : "";
    if (count < 7 || count > 8 || strlen(before) + MARK_BYTES > WANTED_BYTES) return 2;
    int port = atoi(words[1]), warm_ups = atoi(words[3]), messages = atoi(words[4]);
    Load load = {.streams = atoi(words[2]), .post = words[6], .post_size = strlen(words[6])};
    strcpy(load.mark, PLACEHOLDER);
    memcpy(load.wanted, before, strlen(before));
    load.before_size = strlen(before), load.wanted_size = load.before_size + MARK_BYTES;
    load.socks = calloc(load.streams + 1, sizeof *load.socks);
    load.of = calloc(load.streams + 1, sizeof *load.of);
    allow_descriptors();
    open_streams(load.socks, load.streams, port, words[5]);
    load.socks[load.streams] = connect_as(load.streams, port);
    load.queue = watch(load.socks, load.streams + 1);
    int message = 0;
    for (int each = 0; each < warm_ups; each++) post(&load, ++message, 0);
    await_start();
    for (int each = 0; each < messages; each++) post(&load, ++message, 1);
    return 0;
}
