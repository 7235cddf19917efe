/* Posts: members who each post again as soon as they are answered, while N event streams listen.

posts PORT STREAMS SECONDS GET POST...: prints "ready", waits for a line, and then prints how many
posts were acknowledged, in how many seconds, and how many messages the streams had of them. One
connection for each POST; placeholders become each message's mark. */

#include "sockets.h"

enum { EVENTS = 1024, POSTS_AT_MOST = 128 };

static int queue, port, streams, *socks;
static char *post[POSTS_AT_MOST], mark[POSTS_AT_MOST][MARK_BYTES + 1];
static char answer[POSTS_AT_MOST][READ_BYTES], buffer[READ_BYTES];
static size_t answered[POSTS_AT_MOST];
static long posted, acknowledged, delivered;

static void say(int member) {
    char last[MARK_BYTES + 1];
    strcpy(last, mark[member]);
    make_mark(mark[member], posted++);
    stamp(post[member], strlen(post[member]), last, mark[member]);
    answered[member] = 0;
    send_all(socks[streams + member], post[member], strlen(post[member]));
}

/* Read from a member; tell whether its post is acknowledged. */
static int is_acknowledged(int member) {
    char *text = answer[member];
    size_t *size = &answered[member];
    ssize_t got = recv(socks[streams + member], text + *size, READ_BYTES - 1 - *size, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN)) end("a post was not answered");
    if (got < 0) return 0;
    *size += got;
    text[*size] = 0;
    if (!answer_size(text, *size)) return 0;
    if (strncmp(text, "HTTP/1.1 2", 10) && strncmp(text, "HTTP/1.1 302", 12)) {  /* Forms lead back. */
        fprintf(stderr, "%s\n", text);
        end("a post was refused");
    }
    acknowledged++;
    return 1;
}

/* Read from a stream, and count the messages in it by the end of their data. */
static void listen_to(int number) {
    ssize_t size = recv(socks[number], buffer, READ_BYTES, MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN)) end("a stream has ended");
    for (char *at = buffer; size > 0 && (at = memmem(at, buffer + size - at, "}\n\n", 3)); at += 3)
        delivered++;
}

int main(int count, char **words) {
    if (count < 6 || count > 5 + POSTS_AT_MOST) return 2;
    port = atoi(words[1]), streams = atoi(words[2]);
    double seconds = atof(words[3]);
    int members = count - 5, waiting = members;
    allow_descriptors();
    socks = calloc(streams + members, sizeof *socks);
    open_streams(socks, streams, port, words[4]);
    for (int member = 0; member < members; member++) {
        post[member] = words[5 + member];
        strcpy(mark[member], PLACEHOLDER);
        socks[streams + member] = connect_as(streams + member, port);
    }
    queue = watch(socks, streams + members);
    await_start();
    double begun_us = now_us(), until_us = begun_us + seconds * 1e6;
    for (int member = 0; member < members; member++) say(member);
    struct epoll_event events[EVENTS];
    while (waiting) {
        int ready = epoll_wait(queue, events, EVENTS, WAIT_MS);
        if (ready <= 0) end("no post is answered");
        for (int each = 0; each < ready; each++) {
            int number = events[each].data.u32;
            if (number < streams) {
                listen_to(number);
            } else if (is_acknowledged(number - streams)) {
                if (now_us() < until_us) say(number - streams);
                else waiting--;
            }
        }
    }
    printf("%ld %.6f %ld\n", acknowledged, (now_us() - begun_us) / 1e6, delivered);
    return 0;
}
