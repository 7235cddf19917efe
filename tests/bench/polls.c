/* Polling: N clients that each ask once a second, and one that posts.

polls PORT CLIENTS WARM-UPS MESSAGES GET POST: prints what fanout.c prints, and as a third column how
many polls were answered meanwhile. Each poll has a connection of its own, as HTTP/1.0 wants it; its
client asks again a second after it has asked, or at once when the answer took longer. */

#include "sockets.h"

#define PERIOD_US 1e6

enum { EVENTS = 1024 };

typedef struct {
    int sock;                   /* 0 between two polls. */
    int heard, kept;
    double next_us;
    char rest[MARK_BYTES];
} Client;

static Client *clients;
static int queue, total, polls;
static char buffer[MARK_BYTES + READ_BYTES], mark[MARK_BYTES + 1] = PLACEHOLDER;

static void ask(int number, int port, const char *request) {
    Client *client = &clients[number];
    client->sock = connect_as(number, port);
    client->kept = 0;
    client->next_us += PERIOD_US;
    send_all(client->sock, request, strlen(request));
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
    if (epoll_ctl(queue, EPOLL_CTL_ADD, client->sock, &event)) end("epoll_ctl");
}

/* Read from a poll's answer; tell whether the mark has come with it. */
static int hears(Client *client, int message) {
    memcpy(buffer, client->rest, client->kept);
    ssize_t size = recv(client->sock, buffer + client->kept, READ_BYTES, MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) return 0;
    if (size <= 0) {
        close(client->sock);
        client->sock = 0;
        polls++;
        return 0;
    }
    size += client->kept;
    int is_new = client->heard != message && memmem(buffer, size, mark, MARK_BYTES);
    if (is_new) client->heard = message;
    client->kept = size < MARK_BYTES - 1 ? size : MARK_BYTES - 1;
    memcpy(client->rest, buffer + size - client->kept, client->kept);
    return is_new;
}

static void post(int port, const char *get, char *text, int message, int say) {
    struct epoll_event events[EVENTS];
    char last[MARK_BYTES + 1];
    strcpy(last, mark);
    make_mark(mark, message);
    stamp(text, strlen(text), last, mark);
    int before = polls, poster = connect_as(total, port);
    double begun_us = now_us(), last_us = 0;
    send_all(poster, text, strlen(text));
    if (recv(poster, buffer, READ_BYTES, 0) <= 0) end("the post was not answered");
    double acknowledged_us = now_us();
    close(poster);
    for (int waiting = total; waiting;) {
        double now = now_us();
        if (now - begun_us > WAIT_MS * 1e3) end("the message did not come");
        for (int number = 0; number < total; number++) {
            Client *client = &clients[number];
            if (client->sock || client->next_us > now) continue;
            if (client->next_us < now - PERIOD_US) client->next_us = now;
            ask(number, port, get);
        }
        int ready = epoll_wait(queue, events, EVENTS, 1);
        for (int each = 0; each < ready; each++)
            waiting -= hears(&clients[events[each].data.u32], message);
        last_us = now_us();
    }
    if (say) printf("%.1f %.1f %d\n", last_us - begun_us, acknowledged_us - begun_us, polls - before);
}

int main(int count, char **words) {
    if (count != 7) return 2;
    int port = atoi(words[1]), warm_ups = atoi(words[3]), messages = atoi(words[4]);
    total = atoi(words[2]);
    clients = calloc(total, sizeof *clients);
    queue = epoll_create1(EPOLL_CLOEXEC);
    allow_descriptors();
    for (int number = 0; number < total; number++)
        clients[number].next_us = now_us() + PERIOD_US * number / total;
    int message = 0;
    for (int each = 0; each < warm_ups; each++) post(port, words[5], words[6], ++message, 0);
    await_start();
    for (int each = 0; each < messages; each++) post(port, words[5], words[6], ++message, 1);
    return 0;
}
